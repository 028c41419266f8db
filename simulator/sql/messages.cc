#include "simulator/sql/messages.h"

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>

#include "simulator/base/check.h"

namespace vdisim {
namespace {

// Sorted by number. Texts are those of section 16.3 and of the product's public lists of messages;
// states are the usual ones where known, else 1.
constexpr MessageTemplate kMessages[] = {
    {102, 15, 1, false, "Incorrect syntax near '{}'."},
    {103, 15, 4, false, "The {} that starts with '{}' is too long. Maximum length is {}."},
    {105, 15, 1, false, "Unclosed quotation mark after the character string '{}'."},
    {113, 15, 1, false, "Missing end comment mark '*/'."},
    {134, 15, 2, false,
     "The variable name '{}' has already been declared. Variable names must be unique within a "
     "query batch or stored procedure."},
    {137, 15, 2, false, "Must declare the scalar variable \"{}\"."},
    {153, 15, 1, false, "Invalid usage of the option {} in the {} statement."},
    {155, 15, 1, false, "'{}' is not a recognized {} option."},
    {156, 15, 1, false, "Incorrect syntax near the keyword '{}'."},
    {191, 15, 1, false,
     "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into "
     "smaller queries."},
    {195, 15, 1, false, "'{}' is not a recognized {}."},
    {243, 16, 1, false, "Type {} is not a defined system type."},
    {245, 16, 1, false, "Conversion failed when converting the {} value '{}' to data type {}."},
    {911, 16, 1, false,
     "Database '{}' does not exist. Make sure that the name is entered correctly."},
    {927, 14, 2, false, "Database '{}' cannot be opened. It is in the middle of a restore."},
    {2715, 16, 3, false, "Column, parameter, or variable #{}: Cannot find data type {}."},
    {2812, 16, 62, false, "Could not find stored procedure '{}'."},
    {3011, 16, 1, false,
     "All backup devices must be of the same general class (for example, DISK and TAPE)."},
    {3012, 17, 1, false,
     "VDI ran out of buffer when SQL Server attempted to send differential information to SQL "
     "Writer."},
    {3013, 16, 1, false, "{} is terminating abnormally."},
    {3014, 10, 1, false,
     "{} successfully processed {} pages in {}.{:03} seconds ({}.{:03} MB/sec)."},
    {3025, 16, 1, false,
     "Missing database name. Reissue the statement specifying a valid database name."},
    {3031, 16, 1, false,
     "Option '{}' conflicts with option(s) '{}'. Remove the conflicting option and reissue the "
     "statement."},
    {3032, 16, 2, false,
     "One or more of the options ({}) are not supported for this statement. Review the "
     "documentation for supported options."},
    {3035, 16, 1, false,
     "Cannot perform a differential backup for database \"{}\", because a current database backup "
     "does not exist. Perform a full database backup by reissuing BACKUP DATABASE, omitting the "
     "WITH DIFFERENTIAL option."},
    {3041, 16, 1, true,
     "BACKUP failed to complete the command {}. Check the backup application log for detailed "
     "messages."},
    {3044, 16, 1, false,
     "Invalid zero-length device name. Reissue the BACKUP statement with a valid device name."},
    {3057, 16, 1, false,
     "Invalid device name. The length of the device name provided exceeds supported limit (maximum "
     "length is:{}). Reissue the BACKUP statement with a valid device name."},
    {3102, 16, 1, false,
     "{} cannot process database '{}' because it is in use by this session. It is recommended that "
     "the master database be used when performing this operation."},
    {3117, 16, 1, false,
     "The log or differential backup cannot be restored because no files are ready to "
     "rollforward."},
    {3118, 16, 1, false,
     "The database \"{}\" does not exist. RESTORE can only create a database when restoring either "
     "a full backup or a file backup of the primary file."},
    {3119, 16, 1, false,
     "Problems were identified while planning for the RESTORE statement. Previous messages provide "
     "details."},
    {3132, 16, 1, false,
     "The media set has {} media families but only {} are provided. All members must be provided."},
    {3135, 16, 1, false,
     "The backup set in file '{}' was created by {} and cannot be used for this restore "
     "operation."},
    {3136, 16, 1, false,
     "This differential backup cannot be restored because the database has not been restored to "
     "the correct earlier state."},
    {3141, 16, 1, false,
     "The database to be restored was named '{}'. Reissue the statement using the WITH REPLACE "
     "option to overwrite the '{}' database."},
    {3143, 16, 1, false, "The data set on device '{}' is not a SQL Server backup set."},
    {3147, 16, 3, false, "Backup and restore operations are not allowed on database tempdb."},
    {3154, 16, 4, false,
     "The backup set holds a backup of a database other than the existing '{}' database."},
    {3156, 16, 3, false,
     "File '{}' cannot be restored to '{}'. Use WITH MOVE to identify a valid location for the "
     "file."},
    {3159, 16, 1, false,
     "The tail of the log for the database \"{}\" has not been backed up. Use BACKUP LOG WITH "
     "NORECOVERY to backup the log if it contains work you do not want to lose. Use the WITH "
     "REPLACE or WITH STOPAT clause of the RESTORE statement to just overwrite the contents of the "
     "log."},
    {3183, 16, 1, false,
     "RESTORE detected an error on page ({}:{}) in database \"{}\" as read from the backup set."},
    {3189, 16, 1, false, "Damage to the backup set was detected."},
    {3196, 16, 1, false,
     "RESTORE master WITH SNAPSHOT is not supported. To restore master from a snapshot backup, "
     "stop the service and copy the data and log file."},
    {3197, 10, 1, true,
     "I/O is frozen on database {}. No user action is required. However, if I/O is not resumed "
     "promptly, you could cancel the backup."},
    {3198, 10, 1, true, "I/O was resumed on database {}. No user action is required."},
    {3199, 16, 1, false, "RESTORE requires MAXTRANSFERSIZE={} but {} was specified."},
    {3201, 16, 7, false, "Cannot open backup device '{}'. Operating system error {}."},
    {3202, 16, 1, false, "Write on \"{}\" failed: {}"},
    {3203, 16, 1, false, "Read on \"{}\" failed: {}"},
    {3204, 16, 1, false, "The backup or restore was aborted."},
    {3205, 16, 1, false,
     "Too many backup devices specified for backup or restore; only {} are allowed."},
    {3206, 16, 1, false,
     "Backup device '{}' does not exist. To view existing backup devices, use "
     "the sys.backup_devices catalog view. To create a new backup device use either "
     "sp_addumpdevice or SQL Server Management Studio."},
    {3208, 16, 1, false,
     "Unexpected end of file while reading beginning of backup set. Confirm that the media "
     "contains a valid SQL Server backup set, and see the console error log for more details."},
    {3211, 10, 1, false, "{} percent processed."},
    {3217, 16, 1, false, "Invalid value specified for {} parameter."},
    {3227, 16, 1, false,
     "The backup media on \"{}\" is part of media family {} which has already been processed on "
     "\"{}\". Ensure that backup devices are correctly specified. For tape devices, ensure that "
     "the correct volumes are loaded."},
    {3229, 16, 1, false, "Request for device '{}' timed out."},
    {3230, 16, 1, false, "Operation on device '{}' exceeded retry count."},
    {3231, 16, 1, false,
     "The media loaded on \"{}\" is formatted to support {} media families, but {} media families "
     "are expected according to the backup device specification."},
    {3241, 16, 1, false,
     "The media family on device '{}' is incorrectly formed. SQL Server cannot process this media "
     "family."},
    {3242, 16, 1, false,
     "The file on device '{}' is not a valid Microsoft Tape Format backup set."},
    {3247, 16, 1, false,
     "The volume on device '{}' has the wrong media sequence number ({}). Remove it and insert "
     "volume {}."},
    {3250, 16, 1, false, "The value '{}' is not within range for the {} parameter."},
    {3251, 10, 1, false,
     "The media family on device '{}' is complete. The device is now being reused for one of the "
     "remaining families."},
    {3253, 16, 1, false, "The block size parameter must supply a value that is a power of 2."},
    {3254, 16, 1, false, "The volume on device '{}' is empty."},
    {3256, 16, 1, false,
     "The backup set on device '{}' was terminated while it was being created and is incomplete. "
     "RESTORE sequence is terminated abnormally."},
    {3257, 16, 1, false,
     "There is insufficient free space on disk volume '{}' to create the database. The database "
     "requires {} additional free bytes, while only {} bytes are available."},
    {3258, 16, 1, false,
     "The volume on the device \"{}\" is not part of the media set that is currently being "
     "processed. Ensure that the backup devices are loaded with the correct media."},
    {3260, 16, 1, false, "An internal buffer has become full."},
    {3261, 16, 1, false, "SQL Server cannot use the virtual device configuration."},
    {3262, 10, 1, false, "The backup set on file {} is valid."},
    {3265, 16, 1, false,
     "The login has insufficient authority. Membership of the sysadmin role is required to use "
     "VIRTUAL_DEVICE with BACKUP or RESTORE."},
    {3268, 16, 1, false,
     "Cannot use the backup file '{}' because it was originally formatted with sector size {} and "
     "is now on a device with sector size {}."},
    {3271, 16, 1, false, "A nonrecoverable I/O error occurred on file \"{}:\" {}."},
    {3276, 16, 1, false,
     "WITH SNAPSHOT can be used only if the backup set was created WITH SNAPSHOT."},
    {3277, 16, 1, false, "WITH SNAPSHOT must be used with only one virtual device."},
    {3287, 16, 1, false,
     "The file ID {} on device '{}' is incorrectly formed and can not be read."},
    {4035, 10, 1, false, "Processed {} pages for database '{}', file '{}' on file {}."},
    {4060, 11, 1, false, "Cannot open database \"{}\" requested by the login. The login failed."},
    {4214, 16, 1, false,
     "BACKUP LOG cannot be performed because there is no current database backup."},
    {5701, 0, 2, false, "Changed database context to '{}'."},
    {18204, 16, 1, true, "{}: Backup device '{}' failed to {}. Operating system error {}."},
    {18210, 16, 1, true, "{}: {} failure on backup device '{}'. Operating system error {}."},
    {18257, 10, 1, true,
     "{}: Device or media does not support {}. To access this feature, use a different device or "
     "media."},
    {18264, 10, 1, true,
     "Database backed up. Database: {}, creation date(time): {}({}), pages dumped: {}, first LSN: "
     "{}, last LSN: {}, number of dump devices: {}, device information: ({}). This is an "
     "informational message only. No user action is required."},
    {18265, 10, 1, true,
     "Log was backed up. Database: {}, creation date(time): {}({}), first LSN: {}, last LSN: {}, "
     "number of dump devices: {}, device information: ({}). This is an informational message only. "
     "No user action is required."},
    {18267, 10, 1, true,
     "Database was restored: Database: {}, creation date(time): {}({}), first LSN: {}, last LSN: "
     "{}, number of dump devices: {}, device information: ({}). Informational message. No user "
     "action required."},
    {18268, 10, 1, true,
     "Log was restored. Database: {}, creation date(time): {}({}), first LSN: {}, last LSN: {}, "
     "number of dump devices: {}, device information: ({}). This is an informational message. No "
     "user action is required."},
    {18270, 10, 1, true,
     "Database differential changes were backed up. Database: {}, creation date(time): {}({}), "
     "pages dumped: {}, first LSN: {}, last LSN: {}, full backup LSN: {}, number of dump devices: "
     "{}, device information: ({}). This is an informational message. No user action is "
     "required."},
    {50001, 16, 1, false, "{} is not simulated. {}"},
    {50002, 16, 1, false, "The device name '{}' {}. {}"},
    {50003, 20, 1, false, "The simulator's server did not answer: {}"},
};

constexpr bool Sorted() {
  for (size_t i = 1; i < std::size(kMessages); ++i) {
    if (kMessages[i - 1].number >= kMessages[i].number) return false;
  }
  return true;
}
static_assert(Sorted(), "FindMessage looks rows up by halves");

}  // namespace

Message Message::InState(int other) const {
  Message copy = *this;
  copy.state = other;
  return copy;
}

Message Message::At(int other_line) const {
  Message copy = *this;
  copy.line = other_line;
  return copy;
}

const MessageTemplate* FindMessage(int number) {
  const auto* row =
      std::lower_bound(std::begin(kMessages), std::end(kMessages), number,
                       [](const MessageTemplate& m, int wanted) { return m.number < wanted; });
  return row != std::end(kMessages) && row->number == number ? row : nullptr;
}

std::span<const MessageTemplate> AllMessages() { return kMessages; }

Message FormatMessage(int number, fmt::format_args inserts) {
  const MessageTemplate* row = FindMessage(number);
  VDI_CHECK(row != nullptr, "a message number that the table does not hold");
  Message message;
  message.number = number;
  message.severity = row->severity;
  message.state = row->state;
  try {
    message.text = fmt::vformat(row->text, inserts);
  } catch (const fmt::format_error&) {
    VDI_CHECK(false, "inserts that do not fit the message's text");
  }
  return message;
}

std::string SqlcmdForm(const Message& message, std::string_view server) {
  if (!message.IsError()) return message.text;
  return fmt::format("Msg {}, Level {}, State {}, Server {}, Line {}\n{}", message.number,
                     message.severity, message.state, server, message.line, message.text);
}

}  // namespace vdisim
