/**
 * The templates there are without any file, under the names Alertmanager's users know, in our own words. A file may define them anew.
 * Names that other kinds of receiver would use are not here.
 */
export const defaultTemplates = `
{{- define "__alertmanager" }}TMWS{{ end }}
{{- define "__alertmanagerURL" }}{{ .ExternalURL }}/#/alerts?receiver={{ .Receiver | urlquery }}{{ end }}

{{- define "__subject" -}}
  [{{ toUpper .Status }}{{ with .Alerts.Firing }}:{{ len . }}{{ end }}]
  {{- range .GroupLabels.SortedPairs.Values }} {{ . }}{{ end }}
  {{- with .CommonLabels.Remove .GroupLabels.Names }} ({{ join " " .Values }}){{ end }}
{{- end }}

{{- define "__description" }}{{ end }}

{{- define "__text_alert_list" }}{{ range . }}
{{ range .Labels.SortedPairs }}{{ .Name }}: {{ .Value }}
{{ end }}{{ range .Annotations.SortedPairs }}{{ .Name }}: {{ .Value }}
{{ end }}{{ with .GeneratorURL }}from: {{ . }}
{{ end }}{{ end }}{{ end }}

{{- define "__text_alert_list_markdown" }}{{ range . }}
*{{ .Labels.alertname }}*
{{ range .Labels.SortedPairs }}- {{ .Name }}: {{ .Value }}
{{ end }}{{ range .Annotations.SortedPairs }}- _{{ .Name }}_: {{ .Value }}
{{ end }}{{ with .GeneratorURL }}<{{ . }}|source>
{{ end }}{{ end }}{{ end }}

{{- define "slack.default.title" }}{{ template "__subject" . }}{{ end }}
{{- define "slack.default.username" }}{{ template "__alertmanager" . }}{{ end }}
{{- define "slack.default.fallback" }}{{ template "slack.default.title" . }} | {{ template "slack.default.titlelink" . }}{{ end }}
{{- define "slack.default.callbackid" }}{{ end }}
{{- define "slack.default.pretext" }}{{ end }}
{{- define "slack.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{- define "slack.default.iconemoji" }}{{ end }}
{{- define "slack.default.iconurl" }}{{ end }}
{{- define "slack.default.text" }}{{ end }}
{{- define "slack.default.footer" }}{{ end }}
{{- define "slack.default.color" }}{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}{{ end }}

{{- define "email.default.subject" }}{{ template "__subject" . }}{{ end }}

{{- define "email.default.text" }}{{ template "__subject" . }}
{{ with .Alerts.Firing }}
Firing
{{ template "__text_alert_list" . }}{{ end }}{{ with .Alerts.Resolved }}
Resolved
{{ template "__text_alert_list" . }}{{ end }}
{{ template "__alertmanagerURL" . }}
{{ end }}

{{- define "__email_alert" }}
<table role="presentation" cellpadding="0" cellspacing="0" width="100%" style="margin:0 0 16px;border:1px solid #d5d9de;border-radius:6px">
<tr><td style="padding:12px 16px">
<p style="margin:0 0 8px;font-weight:bold">{{ .Labels.alertname }}</p>
{{ range .Annotations.SortedPairs }}<p style="margin:0 0 4px"><b>{{ .Name }}</b> {{ .Value }}</p>
{{ end }}<p style="margin:8px 0 0;color:#555c66;font-size:13px">{{ range .Labels.SortedPairs }}{{ .Name }} = {{ .Value }}<br>{{ end }}since {{ .StartsAt.Format "2006-01-02 15:04:05 MST" }}{{ if eq .Status "resolved" }}, until {{ .EndsAt.Format "2006-01-02 15:04:05 MST" }}{{ end }}</p>
{{ with .GeneratorURL }}<p style="margin:8px 0 0"><a href="{{ . }}">Source</a></p>
{{ end }}</td></tr>
</table>
{{ end }}

{{- define "email.default.html" -}}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ template "__subject" . }}</title>
</head>
<body style="margin:0;padding:24px;background:#f3f4f6;color:#1c2126;font:15px/1.45 Helvetica,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto;padding:24px;background:#fff;border-radius:8px">
<h1 style="margin:0 0 16px;font-size:19px">{{ template "__subject" . }}</h1>
{{ with .Alerts.Firing }}<h2 style="margin:16px 0 8px;font-size:16px;color:#b3261e">{{ len . }} firing</h2>
{{ range . }}{{ template "__email_alert" . }}{{ end }}{{ end }}
{{ with .Alerts.Resolved }}<h2 style="margin:16px 0 8px;font-size:16px;color:#1b6e3c">{{ len . }} resolved</h2>
{{ range . }}{{ template "__email_alert" . }}{{ end }}{{ end }}
<p style="margin:16px 0 0"><a href="{{ template "__alertmanagerURL" . }}">Look at these alerts</a></p>
</div>
</body>
</html>
{{ end }}`;
