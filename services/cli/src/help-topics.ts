/** What `tmws help TOPIC` explains beside the commands. */
export const helpTopics: Readonly<Record<string, string>> = {
  'exit-codes': `0    done
1    failed, and no better code fits
2    wrong usage: a bad flag or value
3    not found
4    not signed in, or not allowed
5    conflict, or the state of the thing does not allow it
6    rate limited; when to try again is on standard error
7    no server answers, or not in time
8    partly done
130  interrupted, or you said no
`,
  environment: `TMWS_SERVER     address of the server, like http://127.0.0.1:8080 (--server beats it)
TMWS_DATA_DIR   without TMWS_SERVER: the fleet that runs in this folder is asked; .tmws if absent
TMWS_NAMESPACE  whose data (--namespace beats it)
TMWS_API_KEY    who you are (--api-key-file beats it)
TMWS_CACHE_DIR  folder for what can be made again; ~/.cache/tmws if absent
NO_COLOR        no colours, whatever its value (no-color.org)
COLUMNS         width of pictures that do not go to a terminal
TMWS_DEBUG      1: the stack of a mistake in tmws itself
`,
  query: `research agent          runs with both words in id, name or workflow; "in quotes" as it stands, * for anything
status:failed,timed_out one of these; planned, running, completed, failed, cancelled, timed_out, unknown
workflow:nightly-* version:7 name:"a topic" parent:ID origin:temporal error:Timeout error:* message:"part of it"
id:run-4                ids that begin so
duration:>30s           <, <=, >, >=, or 10s..1m; ns, us, ms, s, m, h, d, w
started:>2h             in the last two hours; or >=2026-03-01, <2026-03-01T12:00:00Z, a day
steps:>100              or a count, or 10..20
-status:completed       a minus turns a term round

All terms must hold. It is the language of the console's box and of ?q= in the API; docs/query.md has all of it.
`,
  formatting: `-o table   columns for people; what a terminal gets. Elsewhere lines come with tabs between, whole and without a header.
-o json    the API's own object; a list is an array, an empty one is []
-o jsonl   an object a line, as it comes
--time     relative (on a terminal), iso (elsewhere) or unix

Data goes to standard output, everything else to standard error. With -o json and jsonl an error is the API's problem object
on standard error, with the exit code as \`code\` and a \`hint\`.
`,
};
