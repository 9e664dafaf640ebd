import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What Prometheus reads from the listener of its own. Labels are few and never a person's. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'sekisho_request_seconds',
      help: 'Time to answer, by route and status class',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
      registers,
    }),
    openings: new Counter({
      name: 'sekisho_console_openings_total',
      help: 'Openings of a console by outcome: opened, denied, or the code of the problem',
      labelNames: ['outcome'],
      registers,
    }),
    openingSeconds: new Histogram({
      name: 'sekisho_console_opening_seconds',
      help: 'Time from the request to the redirect to AWS',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
      registers,
    }),
    awsCalls: new Histogram({
      name: 'sekisho_aws_call_seconds',
      help: 'Calls of STS and the federation endpoint, by Region and outcome',
      labelNames: ['call', 'region', 'outcome'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    sessionDuration: new Gauge({
      name: 'sekisho_session_duration_accepted',
      help: '1 where AWS took a SessionDuration with credentials of this source, 0 where it refused one',
      labelNames: ['source'],
      registers,
    }),
    signIns: new Counter({
      name: 'sekisho_sign_ins_total',
      help: 'Sign-ins by provider and outcome',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    configLoads: new Counter({
      name: 'sekisho_config_loads_total',
      help: 'Config files taken over or refused while running',
      labelNames: ['outcome'],
      registers,
    }),
    configInForce: new Gauge({
      name: 'sekisho_config_refused',
      help: '1 while the file on disk was refused and an older config is in force',
      registers,
    }),
    mails: new Counter({
      name: 'sekisho_pass_mails_total',
      help: 'Reminders and summaries of guest passes: sent, failed (tried again later), given-up',
      labelNames: ['outcome'],
      registers,
    }),
    sinkFailures: new Counter({
      name: 'sekisho_audit_sink_failures_total',
      help: 'Deliveries that a second sink of the audit trail did not take',
      labelNames: ['sink'],
      registers,
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
