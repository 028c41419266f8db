// The directory of one case: the homes of the client and of the server, the place of the artefact,
// and what each job left behind. It is removed with its owner. And what is done to artefacts before
// a job. One thread.
#ifndef CONFORMANCE_CLIENT_CASE_FOLDER_H_
#define CONFORMANCE_CLIENT_CASE_FOLDER_H_

#include <filesystem>
#include <string>
#include <vector>

#include "conformance/watch/evidence.h"

namespace conform {

class CaseFolder {
 public:
  // A fresh one below the system's directory for temporary files. Throws std::system_error.
  CaseFolder();
  ~CaseFolder();
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The directories of one copy of a client, in all jobs of a case.
struct CopyPlaces {
  std::filesystem::path home;       // HOME
  std::filesystem::path temporary;  // TMPDIR
  std::filesystem::path work;       // where it is started
  std::filesystem::path media;      // {artefact_dir}
  std::filesystem::path server;     // VDISIM_HOME
};
// Makes them below the folder. Throws std::filesystem::filesystem_error.
CopyPlaces MakePlaces(const std::filesystem::path& folder);

// The files below a directory, by name, with hashes of what they hold.
std::vector<FileFact> FilesIn(const std::filesystem::path& directory);

// Does to the artefacts what a job's `damage` says. artefacts: the files of devices 1, 2, ...,
// those that are known; whatever lies in the directory if none of them is there. Returns why it
// could not be done, or nothing.
std::string Damage(const std::string& what, const std::filesystem::path& directory,
                   const std::vector<std::filesystem::path>& artefacts);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CASE_FOLDER_H_
