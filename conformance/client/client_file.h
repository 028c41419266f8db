// The file client.xml:
//
//   <client name="My Backup 3.1">
//     <command>mybackup {operation} --database {database} --file {artefact}</command>
//     <operation backup="--backup" restore="--restore"/>
//     <exit success="0" failure="1"/>
//     <capability>stripes</capability>
//   </client>
//
// Elements stand in any order; all but <command> may be left out. Pure but for ReadClientFile and
// WriteStarterFile.
#ifndef CONFORMANCE_CLIENT_CLIENT_FILE_H_
#define CONFORMANCE_CLIENT_CLIENT_FILE_H_

#include <filesystem>
#include <string>

#include "conformance/client/client_description.h"
#include "conformance/scenario/loader.h"

namespace conform {

// Throws ScenarioError, with file, line and what was expected: no XML, an unknown element or
// attribute, an element twice that may stand there once, a value that is none. The whole is not
// checked yet (CheckDescription), for options may add to it.
ClientDescription ParseClientFile(const SourceText& source);
// Throws ScenarioError also when it cannot be read.
ClientDescription ReadClientFile(const std::filesystem::path& file);

// A commented file with every item, ready to be filled in; what need not be said is commented out.
std::string StarterText();

// Writes it. Throws std::runtime_error, a sentence, if the file exists already or cannot be made.
void WriteStarterFile(const std::filesystem::path& file);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_FILE_H_
