// What the concrete values of a trace are called in a scenario: real names of sets become
// ${set:main}, handles the values that calls saved. Used by trace_scenario.cc alone.
#ifndef CONFORMANCE_TRACES_SYMBOLS_H_
#define CONFORMANCE_TRACES_SYMBOLS_H_

#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <utility>
#include <vector>

#include "conformance/rules/rules.h"
#include "conformance/scenario/face.h"
#include "conformance/traces/trace_file.h"

namespace conform {

class Symbols {
 public:
  explicit Symbols(const Trace& trace);

  Face face() const { return face_; }  // that of the clients
  bool virtual_clock() const { return virtual_clock_; }
  Side SideOfActor(const std::string& actor) const;
  std::string SetOfActor(const std::string& actor) const;
  // An engine that has this set, or any engine.
  std::string EngineOf(const std::string& set) const;

  // The attributes set, name and device of a call, as far as they are needed.
  void PutName(const Json& call, pugi::xml_node* element) const;
  // The attributes object or device of a release.
  void PutObject(const Json& call, pugi::xml_node* element) const;
  // The text of another argument.
  std::string ArgumentText(const std::string& name, const Json& value) const;
  // Remembers a handle that a call gives; gives the name to save it under.
  std::string SaveHandle(int64_t handle);

 private:
  std::string HandleText(int64_t handle) const;
  // A statement with the real names of sets replaced.
  std::string StatementText(const std::string& text) const;
  // `real` with the real name of a set replaced: at its beginning, or anywhere if the trace says
  // that it is a set's own, for then it occurs once on the machine.
  std::string NameText(const std::string& real) const;

  Face face_ = Face::kLinux;
  bool virtual_clock_ = false;
  std::map<std::string, Json> actors_;
  std::map<std::string, std::string> real_names_;         // of sets, by symbol
  std::map<std::string, std::string> own_names_;          // those that actors told, likewise
  std::vector<std::pair<int64_t, std::string>> handles_;  // saved values
};

}  // namespace conform

#endif  // CONFORMANCE_TRACES_SYMBOLS_H_
