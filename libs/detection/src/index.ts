export { type AtrDetector, atrDetector, type AtrDocument, readAtrRules } from './atr/detector.ts';
export { type AtrEvent, atrEventTypes } from './atr/event.ts';
export { type AtrReadOptions, type AtrRule, atrSeverities, type AtrSeverity } from './atr/rule.ts';
export { type AtrCase, atrCases, runAtrCases } from './cases/atr-cases.ts';
export { type CaseFault, type CaseFile, recordedCases } from './cases/regression.ts';
export type { CaseEvent, RuleCase } from './cases/rule-case.ts';
export { type CaseOptions, type CaseResult, runCases, type RunnableRule } from './cases/run.ts';
export { type RuleReport, type TestedRules, testRules } from './cases/test-rules.ts';
export {
  correlate,
  type Correlated,
  type CorrelationLimits,
  correlationLimits,
  type CorrelationState,
  type CorrelationStep,
  correlationSteps,
  type CorrelationTaken,
} from './correlation/correlate.ts';
export { type Correlator, correlatorOf, onlyCorrelated } from './correlation/correlator.ts';
export { type Bounds, type CorrelationRule, type CorrelationType, correlationTypes } from './correlation/rule.ts';
export { type EventView, type FieldMapping, type FieldValue, viewOf } from './event/event-view.ts';
export type { Logsource, WantedLogsource } from './event/logsource.ts';
export { windowsEvent } from './event/windows-event.ts';
export { type Fault, faultText, type Refusal } from './fault.ts';
export { metricTypes, type PresetKind, type PresetRule, type PresetSettings } from './presets/rule.ts';
export { type PresetHit, type PresetLimits, presetLimits, type PresetState, type PresetTaken } from './presets/state.ts';
export { type PresetStep, presetSteps } from './presets/steps.ts';
export { takePreset, tickPreset } from './presets/take.ts';
export { readingRules, readRules, type RuleSet, type RuleText } from './sigma/collection.ts';
export { type Asked, type SigmaDetector, sigmaDetector, sigmaView, type SigmaViewOptions } from './sigma/detector.ts';
export type { SigmaFilter } from './sigma/filter.ts';
export { type Level, levels, type ReadOptions, type RuleHeader, type SigmaRule, type Status, statuses } from './sigma/rule.ts';
