#include "simulator/tools/watch_options.h"

namespace vdisim {

void AddWatchOptions(CLI::App* command, SessionOptions* session) {
  command
      ->add_option("--faults", session->faults,
                   "A fault plan (XML): what shall go wrong in the statements, and when")
      ->type_name("FILE");
  command
      ->add_option("--journal", session->journal,
                   "Add a JSON line to FILE for everything the server is asked, sends, gets back "
                   "and does wrong")
      ->type_name("FILE");
  command
      ->add_option("--streams", session->streams,
                   "Keep what a BACKUP sends: DIR/STATEMENT.DEVICE.stream, both counted from 1")
      ->type_name("DIR");
}

}  // namespace vdisim
