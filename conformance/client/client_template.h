// Puts values into the placeholders of a client's command template: "{database}" becomes the name
// of the database. Words are split first, so a value with blanks or quotes stays in its word. Pure.
#ifndef CONFORMANCE_CLIENT_CLIENT_TEMPLATE_H_
#define CONFORMANCE_CLIENT_CLIENT_TEMPLATE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// Values by the names of placeholders, without braces.
using TemplateValues = std::map<std::string, std::string, std::less<>>;

// The placeholders that a command, an environment value or a directory may have:
// {operation} {database} {set} {devices} {artefact} {artefact_dir} {instance} {user} {password}.
const std::vector<std::string>& CommandPlaceholders();

// The text with every placeholder replaced. "{{" and "}}" stand for braces. Throws
// std::invalid_argument for a name that has no value, and says which there are.
std::string PutInto(std::string_view text, const TemplateValues& values);

// The names of the placeholders in `text`, each as often as it stands there. Throws
// std::invalid_argument for a brace that is never closed.
std::vector<std::string> PlaceholdersIn(std::string_view text);

// The words of a template with values put in. Throws CommandError and std::invalid_argument.
std::vector<std::string> ExpandCommand(std::string_view command, const TemplateValues& values);

// What stands in `line` at the place of `{name}` in `pattern`, whose rest must be found around it:
// "ready {set}" takes "abc" from "ready abc". Empty if the line is not of that form.
std::string TakeFrom(std::string_view line, std::string_view pattern, std::string_view name);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_TEMPLATE_H_
