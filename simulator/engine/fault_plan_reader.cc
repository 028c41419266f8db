#include "simulator/engine/fault_plan_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>

#include "simulator/engine/fault_element.h"
#include "simulator/engine/fault_rules.h"

namespace vdisim {

std::optional<FaultPlan> ReadFaultPlan(std::string_view text, std::string_view name,
                                       std::string* error) {
  const auto line_of = [&](ptrdiff_t offset) {
    const auto end = std::min(text.size(), static_cast<size_t>(std::max<ptrdiff_t>(offset, 0)));
    return 1 + static_cast<int>(
                   std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(end), '\n'));
  };
  const auto fail = [&](ptrdiff_t offset, const std::string& message) {
    *error = fmt::format("{}:{}: {}", name, line_of(offset), message);
    return std::nullopt;
  };
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) return fail(parsed.offset, fmt::format("not XML: {}", parsed.description()));
  const pugi::xml_node root = document.document_element();
  if (std::string_view(root.name()) != "faults") {
    return fail(root.offset_debug(),
                fmt::format("expected a <faults> element, found <{}>", root.name()));
  }
  FaultPlan plan;
  try {
    if (root.first_attribute()) {
      FaultElement(root).Fail(
          fmt::format("<faults> has no attribute '{}'", root.first_attribute().name()));
    }
    for (const pugi::xml_node node : root.children()) {
      if (node.type() != pugi::node_element) {
        FaultElement(node).Fail("text between the elements of <faults>, expected elements only");
      }
      ReadFaultElement(node, line_of(node.offset_debug()), &plan);
    }
    for (const StatementFaults* faults : {&plan.backup, &plan.restore}) {
      if (faults->first && faults->starve && faults->first->value.device == faults->starve->value) {
        FaultElement(root.child("starve"))
            .Fail(fmt::format("<starve> of device {}, which <first> serves before all others",
                              faults->starve->value));
      }
    }
  } catch (const FaultPlanError& wrong) {
    return fail(wrong.offset, wrong.message);
  }
  return plan;
}

std::optional<FaultPlan> ReadFaultPlanFile(const std::filesystem::path& file, std::string* error) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) {
    *error = fmt::format("{}: cannot be read; expected a fault plan in XML", file.string());
    return std::nullopt;
  }
  return ReadFaultPlan(text, file.string(), error);
}

}  // namespace vdisim
