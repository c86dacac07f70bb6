{{/* Made from the protos and the code by `node tools/mesh/generate.ts`; a test holds it to them. */}}
{{/* gRPC methods by who serves them, then by who calls them. */}}
{{- define "tmws.grpcCalls" -}}
alerting:
  gateway:
    - tmws.alerting.v1.AlertService/AcknowledgeAlerts
    - tmws.alerting.v1.AlertService/AssignAlerts
    - tmws.alerting.v1.AlertService/CommentAlerts
    - tmws.alerting.v1.AlertService/ExplainAlert
    - tmws.alerting.v1.AlertService/GetAlert
    - tmws.alerting.v1.AlertService/JudgeAlerts
    - tmws.alerting.v1.AlertService/ListAlertGroups
    - tmws.alerting.v1.AlertService/ListAlertHistory
    - tmws.alerting.v1.AlertService/ListAlerts
    - tmws.alerting.v1.AlertService/UnacknowledgeAlerts
    - tmws.alerting.v1.AlertService/WatchAlerts
    - tmws.alerting.v1.DeliveryService/GetNotification
    - tmws.alerting.v1.DeliveryService/GetRouting
    - tmws.alerting.v1.DeliveryService/ListNotifications
    - tmws.alerting.v1.DeliveryService/ListReceivers
    - tmws.alerting.v1.DeliveryService/ReplayNotifications
    - tmws.alerting.v1.DeliveryService/TakeSlackAction
    - tmws.alerting.v1.DeliveryService/TestReceiver
    - tmws.alerting.v1.RuleService/BacktestRules
    - tmws.alerting.v1.RuleService/GetRule
    - tmws.alerting.v1.RuleService/ListRules
    - tmws.alerting.v1.RuleService/ReloadRules
    - tmws.alerting.v1.SilenceService/ExpireSilence
    - tmws.alerting.v1.SilenceService/GetSilence
    - tmws.alerting.v1.SilenceService/ListSilences
    - tmws.alerting.v1.SilenceService/PutSilence
    - tmws.alerting.v1.SilenceService/SuggestSilence
gateway:
  alerting:
    - tmws.access.v1.AccessService/Authenticate
  workflow-timeline:
    - tmws.access.v1.AccessService/Authenticate
workflow-timeline:
  gateway:
    - tmws.timeline.v1.ImportService/GetImport
    - tmws.timeline.v1.ImportService/ListImports
    - tmws.timeline.v1.ImportService/StartImport
    - tmws.timeline.v1.ListingService/Export
    - tmws.timeline.v1.ListingService/GetDurations
    - tmws.timeline.v1.ListingService/Suggest
    - tmws.timeline.v1.ListingService/Summarize
    - tmws.timeline.v1.OperationService/CancelOperation
    - tmws.timeline.v1.OperationService/GetOperation
    - tmws.timeline.v1.OperationService/ListOperations
    - tmws.timeline.v1.OperationService/WatchOperation
    - tmws.timeline.v1.PictureService/GetColumns
    - tmws.timeline.v1.PictureService/GetSvg
    - tmws.timeline.v1.RetentionService/DeleteExecution
    - tmws.timeline.v1.RetentionService/GetRetention
    - tmws.timeline.v1.RetentionService/SetRetention
    - tmws.timeline.v1.TimelineService/GetBottlenecks
    - tmws.timeline.v1.TimelineService/GetCriticalPath
    - tmws.timeline.v1.TimelineService/GetExecution
    - tmws.timeline.v1.TimelineService/GetGraph
    - tmws.timeline.v1.TimelineService/GetStep
    - tmws.timeline.v1.TimelineService/GetStepPayload
    - tmws.timeline.v1.TimelineService/GetTimeline
    - tmws.timeline.v1.TimelineService/GetWaits
    - tmws.timeline.v1.TimelineService/ListExecutions
    - tmws.timeline.v1.TimelineService/Rebuild
    - tmws.timeline.v1.TimelineService/WatchExecution
    - tmws.timeline.v1.TimelineService/WatchExecutions
{{- end }}

{{/* gRPC services by who serves them. */}}
{{- define "tmws.grpcServices" -}}
alerting:
  - tmws.alerting.v1.AlertService
  - tmws.alerting.v1.DeliveryService
  - tmws.alerting.v1.RuleService
  - tmws.alerting.v1.SilenceService
gateway:
  - tmws.access.v1.AccessService
workflow-timeline:
  - tmws.timeline.v1.ImportService
  - tmws.timeline.v1.ListingService
  - tmws.timeline.v1.OperationService
  - tmws.timeline.v1.PictureService
  - tmws.timeline.v1.RetentionService
  - tmws.timeline.v1.TimelineService
{{- end }}
