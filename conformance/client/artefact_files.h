// The files of an artefact: what they are, and what is done to them before a job that must notice.
#ifndef CONFORMANCE_CLIENT_ARTEFACT_FILES_H_
#define CONFORMANCE_CLIENT_ARTEFACT_FILES_H_

#include <filesystem>
#include <string>
#include <vector>

#include "conformance/watch/evidence.h"

namespace conform {

// The files below a directory, by name, with hashes of what they hold.
std::vector<FileFact> FilesIn(const std::filesystem::path& directory);

// Does to the artefacts what a job's `damage` says. artefacts: the files of devices 1, 2, ...,
// those that are known; whatever lies in the directory if none of them is there. Returns why it
// could not be done, or nothing.
std::string Damage(const std::string& what, const std::filesystem::path& directory,
                   const std::vector<std::filesystem::path>& artefacts);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_ARTEFACT_FILES_H_
