#include "conformance/client/client_tools.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <system_error>

#include "conformance/drivers/driver_fleet.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace conform {
namespace {

// "a:b", without an empty entry, which would mean the current directory.
std::string Before(const std::string& first, const std::string& others) {
  return others.empty() ? first : fmt::format("{}:{}", first, others);
}

// How LD_PRELOAD names a library. A blank would end its path there, so then it is looked for by its
// name, in the folders of LD_LIBRARY_PATH.
std::string PreloadName(const std::filesystem::path& library) {
  const bool has_blank = library.string().find_first_of(" \t\n") != std::string::npos;
  return has_blank ? library.filename().string() : library.string();
}

}  // namespace

ClientTools FindClientTools(const std::filesystem::path& program) {
  const std::filesystem::path root = program.parent_path().parent_path();
  ClientTools tools = {.keeper = root / "libexec/vdisim/vdi-client-keeper",
                       .vdisim = root / "bin/vdisim",
                       .libexec = root / "libexec/vdisim",
                       .library = FindBeside(program).provider,
                       .witness = {}};
  const std::filesystem::path witness = tools.library.parent_path() / "libvdi-witness.so";
  std::error_code error;
  if (std::filesystem::exists(witness, error)) tools.witness = witness;
  return tools;
}

std::string MissingTool(const ClientTools& tools) {
  for (const std::filesystem::path& one :
       {tools.keeper, tools.vdisim, tools.libexec / "sqlcmd", tools.library}) {
    if (access(one.c_str(), R_OK) != 0) {
      return fmt::format("{} is missing, expected it beside this program", one.string());
    }
  }
  // PATH, LD_LIBRARY_PATH and LD_PRELOAD are lists.
  const std::string folders = tools.libexec.string() + tools.library.string();
  if (folders.find_first_of(":;") != std::string::npos) {
    return fmt::format(
        "{} has a colon or a semicolon in its path, with which no client can find it; install it "
        "elsewhere",
        tools.library.string());
  }
  return {};
}

Variables CleanEnvironment() {
  // What would turn on or off something in our library, or make it another one.
  static constexpr std::array<std::string_view, 7> kLeftOut = {
      "VDISIM_", "VDI_CONFORM_",   "GTEST_", "LD_PRELOAD=", "_VIRTUAL_SERVER_NAME_=",
      "SQLCMD",  "XDG_STATE_HOME="};
  Variables variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const size_t equals = text.find('=');
    bool wanted = equals != std::string_view::npos && equals > 0;
    for (const std::string_view prefix : kLeftOut) wanted &= !text.starts_with(prefix);
    if (wanted) variables[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  return variables;
}

Variables ClientEnvironment(const ClientDescription& client, const ClientTools& tools,
                            const CopyPlaces& places, const JobFiles& files,
                            const JobSettings& settings, const TemplateValues& values) {
  Variables variables = CleanEnvironment();
  variables["HOME"] = places.home.string();
  variables["TMPDIR"] = places.temporary.string();
  variables["PATH"] = Before(tools.libexec.string(), variables["PATH"]);
  variables["VDISIM_HOME"] = places.server.string();
  variables["VDISIM_TRACE"] = files.trace().string();
  variables["VDISIM_TRACE_BEGIN"] = "1";
  // Or whoever makes the next set on this machine would remove what this program left behind.
  variables["VDISIM_KEEPER"] = std::to_string(getpid());
  if (!settings.guard.empty() && settings.guard != "off") {
    variables["VDISIM_GUARD"] = settings.guard;
  }
  if (!settings.inject.empty()) variables["VDISIM_INJECT"] = settings.inject;
  const std::string folder = tools.library.parent_path().string();
  std::string preload = client.preload ? PreloadName(tools.library) : "";
  if (!tools.witness.empty()) {
    preload = Before(PreloadName(tools.witness), preload);
    variables["VDI_CONFORM_WITNESS"] = files.witness().string();
  }
  if (!preload.empty()) variables["LD_PRELOAD"] = preload;
  if (!client.preload || PreloadName(tools.library) != tools.library.string()) {
    variables["LD_LIBRARY_PATH"] = Before(folder, variables["LD_LIBRARY_PATH"]);
  }
  for (const auto& [name, value] : client.environment) variables[name] = PutInto(value, values);
  return variables;
}

std::vector<std::string> Texts(const Variables& variables) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : variables) texts.push_back(fmt::format("{}={}", name, value));
  return texts;
}

}  // namespace conform
