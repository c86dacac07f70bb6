-- Documents that are shown but never searched are kept as the text of their JSON: parsing them into jsonb cost as much as all else
-- of a row. Rows of before keep theirs in doc; neither change rewrites or reads a table.
ALTER TABLE {{schema}}.facts ADD COLUMN doc_text text, ALTER COLUMN doc DROP NOT NULL;
ALTER TABLE {{schema}}.attempts ADD COLUMN doc_text text, ALTER COLUMN doc DROP NOT NULL;
