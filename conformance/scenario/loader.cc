#include "conformance/scenario/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <set>
#include <sstream>

#include "conformance/scenario/element.h"
#include "conformance/scenario/expression.h"
#include "conformance/scenario/step_checks.h"
#include "conformance/scenario/step_reader.h"
#include "conformance/scenario/tables.h"

namespace conform {
namespace {

constexpr int kNestingMax = 16;
constexpr int64_t kRepetitionsMax = 1000;

// What texts may refer to everywhere: the face, and what creating and joining a set is called
// there.
Environment PredefinedOn(Face face) {
  const bool com = face == Face::kCom;
  return {{kFaceParameter, std::string(Name(face))},
          {"create", com ? "CreateEx" : "Create"},
          {"join", com ? "OpenInSecondaryEx" : "OpenInSecondary"}};
}

std::vector<Face> ReadFaces(const Element& scenario) {
  std::vector<Face> faces;
  for (const std::string& word : Words(scenario.Optional("faces", "linux com"))) {
    if (word != "linux" && word != "com") {
      scenario.Fail(fmt::format("faces names \"{}\", expected linux, com or both", word));
    }
    faces.push_back(word == "com" ? Face::kCom : Face::kLinux);
  }
  if (faces.empty()) scenario.Fail("faces is empty, expected linux, com or both");
  return faces;
}

bool ReadVirtualClock(const Element& scenario) {
  const std::string clock = scenario.Optional("clock", "real");
  if (clock != "real" && clock != "virtual") {
    scenario.Fail(fmt::format("clock=\"{}\", expected real or virtual", clock));
  }
  return clock == "virtual";
}

struct Fixture {
  const Document* document;
  pugi::xml_node node;
};

class Loader {
 public:
  Loader(std::span<const SourceText> files, const Rules& rules, const Wanted& wanted)
      : rules_(rules), wanted_(wanted) {
    for (const SourceText& file : files) documents_.emplace_back(file);
  }

  Suite Load() {
    for (const Document& document : documents_) CollectFixtures(document);
    for (const Document& document : documents_) LoadFile(document);
    return std::move(suite_);
  }

 private:
  void CollectFixtures(const Document& document);
  void LoadFile(const Document& document);
  void LoadScenario(const Element& scenario, const std::string& group);
  void LoadCase(const Element& scenario, const std::string& group, Face face,
                const std::string& suffix);
  void Unfold(const Document& document, pugi::xml_node parent, const Environment& environment,
              int depth, Case* one);
  void Use(const Element& use, int depth, Case* one);
  void Repeat(const Element& repeat, int depth, Case* one);
  static void AddActor(const Element& element, Case* one);

  const Rules& rules_;
  const Wanted& wanted_;
  std::deque<Document> documents_;
  std::map<std::string, Fixture> fixtures_;
  std::set<std::string> ids_;
  Suite suite_;
};

void Loader::CollectFixtures(const Document& document) {
  static const Environment kNone;
  const Element root(document, document.root(), kNone);
  if (root.name() != "scenarios") {
    root.Fail(fmt::format("<{}>, expected <scenarios>", root.name()));
  }
  for (const pugi::xml_node node : document.root().children("fixture")) {
    const Element element(document, node, kNone);
    element.AllowOnly({"id"});
    const std::string id = element.Required("id");
    if (!fixtures_.emplace(id, Fixture{&document, node}).second) {
      element.Fail(fmt::format("the fixture {} stands here twice", id));
    }
  }
}

void Loader::LoadFile(const Document& document) {
  static const Environment kNone;
  const Element root(document, document.root(), kNone);
  root.AllowOnly({"group", "xmlns:xsi", "xsi:noNamespaceSchemaLocation"});
  for (const pugi::xml_node node : document.root().children()) {
    const Element element(document, node, kNone);
    if (element.name() == "fixture" || node.type() != pugi::node_element) continue;
    if (element.name() != "scenario") {
      element.Fail(fmt::format("<{}>, expected <scenario> or <fixture>", element.name()));
    }
    LoadScenario(element, root.Required("group"));
  }
}

// What a subject must have so that the case can run at all: what the scenario says, and what its
// actors and steps show.
std::set<Capability> RequiredBy(const Element& scenario, const Case& one) {
  std::set<Capability> required;
  for (const std::string& word : Words(scenario.Optional("requires"))) {
    const std::optional<Capability> capability = ParseCapability(word);
    if (!capability) {
      scenario.Fail(
          fmt::format("requires names \"{}\", expected some of: {}", word, CapabilityNames()));
    }
    required.insert(*capability);
  }
  if (one.virtual_clock) required.insert(Capability::kVirtualClock);
  for (const Actor& actor : one.actors) {
    if (SideOf(actor.role) == Side::kClient) {
      required.insert(one.face == Face::kCom ? Capability::kComFace : Capability::kLinuxFace);
    }
    if (actor.role == Role::kSecondary) required.insert(Capability::kSecondaryClients);
    if (actor.role == Role::kSqlServer) required.insert(Capability::kSql);
  }
  for (const Step& step : one.steps) {
    if (step.method == nullptr) continue;
    if (step.method->name == "GetBufferHandle" || step.method->name == "MapBufferHandle") {
      required.insert(Capability::kBufferHandles);
    }
  }
  return required;
}

void Loader::LoadScenario(const Element& scenario, const std::string& group) {
  scenario.AllowOnly({"id", "title", "tags", "faces", "clock", "requires", "no-mutant"});
  const std::string id = scenario.Required("id");
  if (!IsId(id)) {
    scenario.Fail(fmt::format("id=\"{}\", expected dotted small letters, digits and hyphens", id));
  }
  for (const pugi::xml_node node : scenario.node().children()) {
    const std::string_view name = node.name();
    if (node.type() == pugi::node_element && name != "table" && name != "goal" && name != "steps") {
      Element(scenario.document(), node, scenario.environment())
          .Fail(fmt::format("<{}>, expected <goal>, <table> or <steps>", name));
    }
  }
  if (scenario.node().child("goal").empty()) scenario.Fail("a scenario needs a <goal>");
  if (scenario.node().child("steps").empty()) scenario.Fail("a scenario needs <steps>");
  for (const Face face : ReadFaces(scenario)) {
    const Environment predefined = PredefinedOn(face);
    ForEachRow(Element(scenario.document(), scenario.node(), predefined),
               [&](const Element& unfolded, const std::string& rows) {
                 LoadCase(unfolded, group, face, rows);
               });
  }
}

void Loader::LoadCase(const Element& scenario, const std::string& group, Face face,
                      const std::string& suffix) {
  Case one;
  one.scenario = scenario.Required("id");
  one.face = face;
  one.id = one.scenario + suffix + (face == Face::kCom ? "@com" : "");
  one.title = scenario.Required("title");
  one.group = group;
  one.tags = Words(scenario.Optional("tags"));
  one.virtual_clock = ReadVirtualClock(scenario);
  one.no_mutant = scenario.Optional("no-mutant");
  one.place = scenario.place();
  one.goal =
      Element(scenario.document(), scenario.node().child("goal"), scenario.environment()).Content();
  if (!ids_.insert(one.id).second) scenario.Fail(fmt::format("the id {} is taken", one.id));
  if (wanted_ && !wanted_(one)) {
    suite_.cases.push_back(std::move(one));
    return;
  }
  Unfold(scenario.document(), scenario.node().child("steps"), scenario.environment(), 0, &one);
  for (const Actor& actor : one.actors) {
    if (std::find(one.sets.begin(), one.sets.end(), actor.set) == one.sets.end()) {
      one.sets.push_back(actor.set);
    }
  }
  CheckSteps(&one, rules_);
  const bool checks = std::any_of(one.steps.begin(), one.steps.end(),
                                  [](const Step& step) { return !step.setting; });
  if (!checks) scenario.Fail(fmt::format("{} checks nothing", one.id));
  one.required = RequiredBy(scenario, one);
  suite_.cases.push_back(std::move(one));
}

void Loader::Unfold(const Document& document, pugi::xml_node parent, const Environment& environment,
                    int depth, Case* one) {
  for (const pugi::xml_node node : parent.children()) {
    if (node.type() != pugi::node_element) continue;
    const Element element(document, node, environment);
    if (depth > kNestingMax) element.Fail("fixtures use each other without an end");
    if (element.name() == "parameter") continue;
    if (element.name() == "actor") {
      AddActor(element, one);
    } else if (element.name() == "use") {
      Use(element, depth, one);
    } else if (element.name() == "repeat") {
      Repeat(element, depth, one);
    } else {
      one->steps.push_back(ReadStep(element, *one, rules_));
    }
  }
}

void Loader::AddActor(const Element& element, Case* one) {
  element.AllowOnly({"name", "role", "set", "instance"});
  Actor actor;
  actor.name = element.Required("name");
  actor.set = element.Optional("set", "main");
  actor.instance = element.Optional("instance");
  const std::string role = element.Required("role");
  bool known = false;
  for (const Role candidate : {Role::kPrimary, Role::kSecondary, Role::kEngine, Role::kSqlServer}) {
    if (Name(candidate) != role) continue;
    actor.role = candidate;
    known = true;
  }
  if (!known) {
    element.Fail(
        fmt::format("role=\"{}\", expected primary, secondary, engine or sql-server", role));
  }
  for (const Actor& other : one->actors) {
    if (other.name == actor.name) {
      element.Fail(fmt::format("the actor {} stands here twice", actor.name));
    }
  }
  one->actors.push_back(std::move(actor));
}

// Parameters of a fixture are its own: it sees what <use> gives it and its defaults, no more.
void Loader::Use(const Element& use, int depth, Case* one) {
  const std::string id = use.Required("fixture");
  const auto found = fixtures_.find(id);
  if (found == fixtures_.end()) {
    std::vector<std::string> known;
    for (const auto& [name, fixture] : fixtures_) known.push_back(name);
    use.Fail(fmt::format("no fixture is called {}, expected one of: {}{}", id,
                         fmt::join(known, ", "), DidYouMean(id, known)));
  }
  const Fixture& fixture = found->second;
  static const Environment kNone;
  Environment inside = PredefinedOn(one->face);
  std::vector<std::string> allowed = {"fixture"};
  for (const pugi::xml_node node : fixture.node.children("parameter")) {
    const Element parameter(*fixture.document, node, kNone);
    parameter.AllowOnly({"name", "default"});
    const std::string name = parameter.Required("name");
    allowed.push_back(name);
    if (use.Has(name.c_str())) {
      inside[name] = use.Required(name.c_str());
    } else if (parameter.Has("default")) {
      inside[name] = parameter.Optional("default");
    } else {
      use.Fail(fmt::format("the fixture {} needs the parameter {}", id, name));
    }
  }
  use.AllowOnly(allowed);
  Unfold(*fixture.document, fixture.node, inside, depth + 1, one);
}

void Loader::Repeat(const Element& repeat, int depth, Case* one) {
  repeat.AllowOnly({"var", "from", "to"});
  const std::string variable = repeat.Required("var");
  const int64_t from = repeat.Number("from");
  const int64_t to = repeat.Number("to");
  if (to - from >= kRepetitionsMax) {
    repeat.Fail(fmt::format("{} to {}, expected at most {} turns", from, to, kRepetitionsMax));
  }
  for (int64_t i = from; i <= to; ++i) {
    Environment inside = repeat.environment();
    inside[variable] = std::to_string(i);
    Unfold(repeat.document(), repeat.node(), inside, depth + 1, one);
  }
}

}  // namespace

Suite LoadSuite(std::span<const SourceText> files, const Rules& rules, const Wanted& wanted) {
  return Loader(files, rules, wanted).Load();
}

std::vector<SourceText> ReadFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".xml") paths.push_back(entry.path());
  }
  if (std::filesystem::is_regular_file(folder, error)) paths.push_back(folder);
  if (paths.empty()) {
    throw ScenarioError(fmt::format("{}: no scenario files (*.xml) here", folder.string()));
  }
  std::sort(paths.begin(), paths.end());
  std::vector<SourceText> files;
  for (const std::filesystem::path& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) throw ScenarioError(fmt::format("{}: cannot be read", path.string()));
    files.push_back({.name = path.filename().string(), .text = text.str()});
  }
  return files;
}

}  // namespace conform
