#include "conformance/client/job_evidence.h"

#include <chrono>
#include <string>
#include <utility>

#include "conformance/client/job_start.h"
#include "conformance/watch/journal_reader.h"
#include "conformance/watch/stored_streams.h"
#include "conformance/watch/witness_reader.h"
#include "simulator/trace/trace_reader.h"

namespace conform {
namespace {

JobExpectation ExpectationOf(ClientJob::Expect expect) {
  switch (expect) {
    case ClientJob::Expect::kSuccess:
      return JobExpectation::kSuccess;
    case ClientJob::Expect::kFailure:
      return JobExpectation::kFailure;
    case ClientJob::Expect::kAny:
      return JobExpectation::kAny;
    case ClientJob::Expect::kAgrees:
      break;
  }
  return JobExpectation::kAgrees;
}

void ReadTraceOf(const JobFiles& files, Evidence* evidence) {
  vdisim::Trace trace = vdisim::ReadTraceFile(files.trace().string());
  for (vdisim::TraceEntry& entry : trace.entries) {
    evidence->calls.push_back(std::move(entry.record));
  }
  evidence->begun = std::move(trace.begun);
}

}  // namespace

void TellAsked(const JobPlan& plan, const TemplateValues& values, Evidence* evidence) {
  const ClientJob& job = plan.job;
  const ClientDescription& client = plan.client;
  AskedJob& asked = evidence->job;
  asked.operation = job.operation == ClientJob::Operation::kBackup ? JobOperation::kBackup
                                                                   : JobOperation::kRestore;
  asked.devices = job.devices;
  asked.database = values.at("database");
  if (client.command.find("{set}") != std::string::npos) asked.set = values.at("set");
  asked.expect = ExpectationOf(job.expect);
  asked.judge_statement = client.statement == ClientDescription::Statement::kJudge;
  asked.trouble = !job.environment_trouble.empty();
  asked.damaged = !job.damage.empty();
  asked.injected = !job.inject.empty();
  asked.called_good = job.after_success && asked.operation == JobOperation::kRestore;
  ClientAbout& about = evidence->client;
  about.raw_artefact = client.raw_artefact;
  about.success_statuses = client.success;
  about.password = client.password;
  about.idle_limit_seconds = client.idle_limit_s;
  about.cancel_limit_seconds = client.cancel_limit_s;
  about.end_limit_seconds = kSilenceSeconds * plan.timeout_scale;
  evidence->artefact_dir = plan.places.media;
  const bool knows_file = client.command.find("{artefact}") != std::string::npos ||
                          client.artefact_file.find("{artefact}") == std::string::npos;
  if (!knows_file) return;
  for (const std::filesystem::path& file :
       ArtefactFiles(client, plan.places, asked.database, job.devices)) {
    evidence->artefacts.push_back(file.lexically_relative(plan.places.media).string());
  }
}

void TellEnd(const KeptProcess& client, KeptProcess::Clock::time_point began,
             KeptProcess::Clock::time_point ended, ClientEnd* end) {
  end->exited = client.ended() && client.signal() == 0;
  end->signalled = client.signal() != 0;
  end->status = client.status();
  end->signal = client.signal();
  end->seconds = std::chrono::duration<double>(ended - began).count();
  end->t = std::chrono::duration_cast<std::chrono::nanoseconds>(ended.time_since_epoch()).count();
}

void TellProcesses(const KeptProcess& client, const std::vector<std::string>& words,
                   const IdleMeter& meter, const LiveSigns& signs, Evidence* evidence) {
  evidence->end.output = client.Output();
  evidence->end.error = client.ErrorOutput();
  evidence->idle_cpu_share = evidence->hang.hung ? meter.SilentShare() : meter.IdleShare();
  evidence->idle_seconds = evidence->hang.hung ? meter.SilentSeconds() : meter.IdleSeconds();
  evidence->threads = meter.threads();
  evidence->peak_memory_kib = meter.peak_memory_kib();
  // The system shows a command after its program may have wiped a password from it; the witness saw
  // it before.
  std::vector<std::string> lines = meter.command_lines();
  for (const std::string& command : signs.CommandsBeside(client.pid())) lines.push_back(command);
  // What it was given by us is no doing of its own, and a forked child has the same line; one that
  // runs a script has the interpreter before it.
  std::string arguments;
  for (size_t i = 1; i < words.size(); ++i) arguments += " " + words[i];
  for (const std::string& line : lines) {
    if (arguments.empty() || !line.ends_with(arguments)) evidence->command_lines.push_back(line);
  }
}

void ReadLeftFiles(const JobPlan& plan, Evidence* evidence) {
  ReadTraceOf(plan.files, evidence);
  evidence->engine = ReadJournalFile(plan.files.journal().string()).events;
  evidence->system = ReadWitnessFile(plan.files.witness().string()).events;
  if (plan.client.raw_artefact && evidence->job.operation == JobOperation::kBackup) {
    evidence->stored = MatchStreams(plan.files.streams(), plan.places.media);
  }
}

}  // namespace conform
