// The directory of one case: the homes of the client and of the server, the place of the artefact,
// and what each job left behind. It is removed with its owner; and if that was killed, by the next
// run. One thread.
#ifndef CONFORMANCE_CLIENT_CASE_FOLDER_H_
#define CONFORMANCE_CLIENT_CASE_FOLDER_H_

#include <filesystem>
#include <functional>

namespace conform {

class CaseFolder {
 public:
  // A fresh one below the system's directory for temporary files. It is locked (flock) as long as
  // this lives, by which other runs see that somebody needs it. Throws std::system_error.
  CaseFolder();
  ~CaseFolder();
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

// Removes the folders of cases that runs of this user left in the directory for temporary files
// when they were killed: those that nobody has locked. Each is locked while `may_go` looks at it,
// and stays if that says no. Any number of processes may do so at once, and make folders meanwhile.
void RemoveAbandonedFolders(const std::function<bool(const std::filesystem::path&)>& may_go);

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

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CASE_FOLDER_H_
