#include "conformance/client/client_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace conform {
namespace {

using Client = ClientDescription;
using Texts = std::vector<std::string>;

// The one of `words` that the text is, by its place.
size_t OneOf(const std::string& text, const Texts& words) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return static_cast<size_t>(found - words.begin());
  std::string known;
  for (const std::string& word : words) known += (known.empty() ? "" : ", ") + word;
  throw std::invalid_argument(fmt::format("\"{}\", expected one of: {}", text, known));
}

std::set<int> Statuses(const std::string& text) {
  std::set<int> statuses;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    word.erase(0, word.find_first_not_of(' '));
    if (const size_t end = word.find_last_not_of(' '); end != std::string::npos)
      word.resize(end + 1);
    int number = -1;
    const char* end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc() || stopped != end || number < 0 || number > 255) {
      throw std::invalid_argument(
          fmt::format("\"{}\", expected exit statuses from 0 to 255, separated by commas", text));
    }
    statuses.insert(number);
  }
  return statuses;
}

std::string Text(const std::set<int>& statuses) {
  std::string text;
  for (const int status : statuses) text += (text.empty() ? "" : ",") + std::to_string(status);
  return text;
}

double Seconds(const std::string& text) {
  double number = -1;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || !(number >= 0) || number > 86'400) {
    throw std::invalid_argument(
        fmt::format("\"{}\", expected seconds from 0 to 86400, such as 2.5", text));
  }
  return number;
}

void SetCancel(Client* client, const std::string& text) {
  client->cancel_signal = 0;
  if (text == "none") {
    client->cancel = Client::Cancel::kNone;
  } else if (text == "stdin") {
    client->cancel = Client::Cancel::kStdin;
  } else {
    try {
      client->cancel_signal = ParseSignal(text);
    } catch (const std::invalid_argument&) {
      throw std::invalid_argument(
          fmt::format("\"{}\", expected none, stdin (standard input ends), or a signal: SIGINT, "
                      "SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2",
                      text));
    }
    client->cancel = Client::Cancel::kSignal;
  }
}

Texts GetCancel(const Client& client) {
  switch (client.cancel) {
    case Client::Cancel::kNone:
      return {"none"};
    case Client::Cancel::kStdin:
      return {"stdin"};
    case Client::Cancel::kSignal:
      break;
  }
  return {SignalName(client.cancel_signal)};
}

void SetEnvironment(Client* client, const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw std::invalid_argument(fmt::format("\"{}\", expected NAME=VALUE", text));
  }
  client->environment[text.substr(0, equals)] = text.substr(equals + 1);
}

Texts GetEnvironment(const Client& client) {
  Texts texts;
  for (const auto& [name, value] : client.environment)
    texts.push_back(fmt::format("{}={}", name, value));
  return texts;
}

void SetCapability(Client* client, const std::string& text) {
  for (const std::string_view derived :
       {"restore", "cancel", "judge-statement", "own-statement", "raw-artefact"}) {
    if (text != derived) continue;
    throw std::invalid_argument(fmt::format(
        "\"{}\" is not declared but follows from the rest of the description; to be declared are: "
        "stripes, complete, secondary-processes, queue",
        text));
  }
  (void)OneOf(text, DeclaredCapabilities());
  client->capabilities.insert(text);
}

// What is nothing but a text.
#define TEXT_ITEM(member)                                                 \
  [](Client* client, const std::string& text) { client->member = text; }, \
      [](const Client& client) { return Texts{client.member}; }

std::vector<ClientItem> MakeItems() {
  return {
      {"", "name", "--client-name", "TEXT", "What reports call the program", false, "My Backup 3.1",
       TEXT_ITEM(name)},
      {"command", "", "--client", "TEMPLATE",
       "The command line, split into words as a shell splits it, with quotes and backslashes and "
       "nothing more of a shell. Placeholders: {operation} {database} {set} {devices} {artefact} "
       "{artefact_dir} {instance} {user} {password}; two braces are one",
       false, "mybackup {operation} --database {database} --file {artefact} --stripes {devices}",
       TEXT_ITEM(command)},
      {"operation", "backup", "--client-backup", "WORD", "What {operation} is for a backup", false,
       "--backup", TEXT_ITEM(backup_word)},
      {"operation", "restore", "--client-restore", "WORD",
       "What {operation} is for a restore; empty: the program cannot restore", false, "--restore",
       TEXT_ITEM(restore_word)},
      {"environment", "", "--client-env", "NAME=VALUE",
       "A variable of its environment; the value may have the placeholders of the command", true,
       "MYBACKUP_HOME={artefact_dir}", SetEnvironment, GetEnvironment},
      {"directory", "", "--client-directory", "DIR",
       "Where it is started; without it, in an empty directory of the case", false, "/opt/mybackup",
       TEXT_ITEM(directory)},
      {"exit", "success", "--client-success", "N,N", "Exit statuses by which it says: it is good",
       false, "0,3",
       [](Client* client, const std::string& text) { client->success = Statuses(text); },
       [](const Client& client) { return Texts{Text(client.success)}; }},
      {"exit", "failure", "--client-failure", "N,N",
       "Exit statuses by which it says: it is not good; empty: all others. Where some are named, "
       "one that is neither counts as a crash",
       false, "1,2",
       [](Client* client, const std::string& text) { client->failure = Statuses(text); },
       [](const Client& client) { return Texts{Text(client.failure)}; }},
      {"ready", "", "--client-ready", "GLOB",
       "A line of its output of this form (* and ?) says that it is ready for the statement; "
       "without it, the judge waits for its device set",
       false, "*waiting for SQL Server*", TEXT_ITEM(ready)},
      {"cancel", "by", "--client-cancel", "HOW",
       "How a user cancels it: none, stdin (standard input ends), or a signal such as SIGINT, sent "
       "to its whole process group, as Ctrl-C does",
       false, "SIGINT", SetCancel, GetCancel},
      {"cancel", "limit-s", "--client-cancel-limit", "SECONDS",
       "How long it may take to end after that", false, "5",
       [](Client* client, const std::string& text) { client->cancel_limit_s = Seconds(text); },
       [](const Client& client) { return Texts{fmt::format("{}", client.cancel_limit_s)}; }},
      {"statement", "by", "--client-statement", "WHO",
       "Who gives the BACKUP or RESTORE statement: client (it runs sqlcmd or osql, our stand-in is "
       "first on its PATH) or judge (it waits for somebody else)",
       false, "judge",
       [](Client* client, const std::string& text) {
         client->statement = OneOf(text, {"client", "judge"}) == 0 ? Client::Statement::kClient
                                                                   : Client::Statement::kJudge;
       },
       [](const Client& client) {
         return Texts{client.statement == Client::Statement::kClient ? "client" : "judge"};
       }},
      {"statement", "set", "--client-set", "GLOB",
       "With a statement by the judge: the name of the device set to serve, or a glob of it", false,
       "mybackup-*", TEXT_ITEM(set)},
      {"statement", "printed", "--client-printed", "LINE",
       "With a statement by the judge: the line of its output that tells the name as {set}, or the "
       "whole statement to give as {statement}",
       false, "waiting on device set {set}", TEXT_ITEM(printed)},
      {"statement", "device", "--client-device", "NAME",
       "With a statement by the judge: the name of the second and further devices; {n} counts from "
       "1, {n0} from 0, and the first is {set}",
       false, "{set}-{n}", TEXT_ITEM(device)},
      {"library", "by", "--client-library", "HOW",
       "How it gets our libsqlvdi.so: path (LD_LIBRARY_PATH) or preload (LD_PRELOAD)", false,
       "preload",
       [](Client* client, const std::string& text) {
         client->preload = OneOf(text, {"path", "preload"}) == 1;
       },
       [](const Client& client) { return Texts{client.preload ? "preload" : "path"}; }},
      {"artefact", "form", "--client-artefact", "FORM",
       "raw: a file holds what was written to its device, byte for byte; opaque: it may be packed "
       "or otherwise its own",
       false, "raw",
       [](Client* client, const std::string& text) {
         client->raw_artefact = OneOf(text, {"opaque", "raw"}) == 1;
       },
       [](const Client& client) { return Texts{client.raw_artefact ? "raw" : "opaque"}; }},
      {"artefact", "file", "--client-artefact-file", "FILE",
       "The file of device {n} (from 1; {n0} from 0) of {devices}, with {artefact}, {artefact_dir} "
       "and {database}",
       false, "{artefact}.{n}", TEXT_ITEM(artefact_file)},
      {"idle", "limit-s", "--client-idle-limit", "SECONDS",
       "After so long without a sign of the server it gives up by itself; 0: never", false, "30",
       [](Client* client, const std::string& text) { client->idle_limit_s = Seconds(text); },
       [](const Client& client) { return Texts{fmt::format("{}", client.idle_limit_s)}; }},
      {"login", "instance", "--client-instance", "NAME", "What {instance} is", false, "",
       TEXT_ITEM(instance)},
      {"login", "user", "--client-user", "NAME", "What {user} is", false, "backup",
       TEXT_ITEM(user)},
      {"login", "password", "--client-password", "TEXT",
       "What {password} is; any will do, for nobody checks it. No output of the program may show "
       "it",
       false, "Pa55-w0rd!", TEXT_ITEM(password)},
      {"capability", "", "--client-capability", "NAME",
       "What it can do: stripes (several devices; {devices} in the command says so, too), complete "
       "(it asks for VDC_Complete), "
       "secondary-processes, queue (it takes several commands before it completes the first)",
       true, "stripes", SetCapability,
       [](const Client& client) {
         return Texts(client.capabilities.begin(), client.capabilities.end());
       }},
  };
}

#undef TEXT_ITEM

}  // namespace

const std::vector<ClientItem>& ClientItems() {
  static const std::vector<ClientItem> kItems = MakeItems();
  return kItems;
}

}  // namespace conform
