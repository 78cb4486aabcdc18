// JSON behind a C interface, in two halves.
//
// json_scan_*, json_between_*: where one record ends and the next begins, told by brackets, quotes
// and newlines alone. They work on text that arrives in parts, so that memory stays flat.
// json_reader_*: the members of one record, read by simdjson. No exception leaves them.
#ifndef SPARKIFY_CSIMDJSON_H
#define SPARKIFY_CSIMDJSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// -- Between records ---------------------------------------------------------------------------

/// Where reading stands between two records. All zero at a file's start and after a boundary.
typedef struct json_between {
  /// Bytes since the line began.
  size_t column;
  /// Whether an array of records is open.
  bool in_array;
  /// Whether the last byte that is not blank was `}` or `]`.
  bool after_closer;
  /// Whether a newline came since that byte.
  bool after_newline;
} json_between;

/// Skips blanks, commas and the brackets of an array of records.
///
/// Returns the bytes skipped: all of them, or those before the next record's first byte.
size_t json_between_skip(json_between *_Nonnull between, const uint8_t *_Nonnull text,
                         size_t length);

/// The last `{` or `[` that is the first in its line, after a line that ended with `}` or `]`; 0 when
/// there is none. In valid JSON such a place lies between two records, always: inside an array a
/// comma would stand there, inside a string the newline would be escaped.
///
/// The newline before it is looked for from `from` on. `column` becomes the bytes between the two.
size_t json_last_boundary(const uint8_t *_Nonnull text, size_t from, size_t length,
                          size_t *_Nonnull column);

/// The newlines in the text.
size_t json_count_newlines(const uint8_t *_Nonnull text, size_t length);

/// Whether the text is a number as JSON writes it.
bool json_is_number(const uint8_t *_Nonnull text, size_t length);

// -- The extent of one record -------------------------------------------------------------------

/// What a record looks like from outside.
typedef enum json_frame {
  /// It goes on after the text.
  JSON_FRAME_MORE,
  /// From `{` to its `}`.
  JSON_FRAME_OBJECT,
  /// From `[` to its `]`, inside an array of records.
  JSON_FRAME_ARRAY,
  /// A number, a string, true, false or null.
  JSON_FRAME_SCALAR,
  /// Something else: the rest of its line.
  JSON_FRAME_GARBAGE,
  /// It began like an object or an array, and it is not whole.
  JSON_FRAME_INCOMPLETE
} json_frame;

/// The search for one record's end.
typedef struct json_scan {
  /// The bytes from the record's first byte to where reading goes on.
  size_t end;
  /// The bytes from there to where that showed: `end`, or more when only blanks or the beginning of
  /// the next record told.
  size_t known;
  /// The bytes that were looked at.
  size_t total;
  /// Whether `known` is more than the record may have.
  bool is_too_long;

  // The rest belongs to the search. Places count from the record's first byte.
  size_t longest, column;
  size_t line_start, second_line, lines, depth;
  uint64_t kinds;
  json_frame frame;
  uint8_t mode, last, token_length;
  bool is_escaped, is_line_blank, ends_line;
  uint8_t token[40];
} json_scan;

/// Begins the search at a record's first byte, which stands at `column` of its line.
void json_scan_begin(json_scan *_Nonnull scan, size_t longest, size_t column);

/// Looks at the next bytes. `is_last` says that nothing follows them.
///
/// A record that is not whole reaches to the next line that can begin a record: one that starts
/// with `{` or `[`, and is indented no deeper than the record, or follows a `}` or `]`.
json_frame json_scan_run(json_scan *_Nonnull scan, const uint8_t *_Nonnull text, size_t length,
                         bool is_last);

/// Goes on between records after the one that `scan` found.
void json_between_resume(json_between *_Nonnull between, const json_scan *_Nonnull scan);

// -- The members of one record ------------------------------------------------------------------

/// What a member's value is.
typedef enum json_type {
  JSON_NULL,
  JSON_BOOL,
  /// A whole number that 64 bits hold: `integer`.
  JSON_INTEGER,
  /// Another number: `real`, the nearest double; infinite when it is out of range.
  JSON_REAL,
  /// Text, unescaped.
  JSON_STRING,
  /// A string with an escape that stands for no character.
  JSON_BROKEN_STRING,
  /// An array or an object.
  JSON_NESTED
} json_type;

/// One member of a record. The pointers hold as long as the record's text does, and until the
/// reader reads the next record.
typedef struct json_member {
  const uint8_t *_Nonnull key;
  size_t key_length;
  /// Unescaped for strings; as it stands in the record for everything else.
  const uint8_t *_Nonnull text;
  size_t length;
  int64_t integer;
  double real;
  json_type type;
  /// Whether a string has escapes. Without them it cannot hold a NUL, for one.
  bool is_escaped;
} json_member;

/// Why a record could not be read; negative, so that it cannot be mistaken for a count.
typedef enum json_failure {
  JSON_BROKEN = -1,
  JSON_INVALID_UTF8 = -2,
  JSON_CONTROL_CHARACTER = -3,
  JSON_NOT_AN_OBJECT = -4,
  JSON_INCOMPLETE = -5,
  JSON_BROKEN_NUMBER = -6,
  JSON_BROKEN_KEY = -7,
  JSON_TRAILING_TEXT = -8,
  JSON_OUT_OF_MEMORY = -9
} json_failure;

/// The bytes after a record that must be readable; their values do not matter.
enum { json_padding = 64 };

/// A parser with the memory that it reuses from record to record. For one thread at a time.
typedef struct json_reader json_reader;

/// A reader of records of at most `longest` bytes; NULL when there is no memory.
json_reader *_Nullable json_reader_create(size_t longest);
void json_reader_free(json_reader *_Nullable reader);

/// Reads the first members of the object that `text` is, up to `capacity`.
///
/// Returns how many there are, or a json_failure. When it returns `capacity` there may be more:
/// call json_reader_read_on until it returns fewer. Only then is the record known to be whole.
long json_reader_read(json_reader *_Nonnull reader, const uint8_t *_Nonnull text, size_t length,
                      json_member *_Nonnull members, size_t capacity);

/// Reads the next members of the same object.
long json_reader_read_on(json_reader *_Nonnull reader, json_member *_Nonnull members,
                         size_t capacity);

/// Makes sure that `text` is an object, all of it, and reads nothing of it.
///
/// Returns 0, or the json_failure that reading it to its end would return.
long json_reader_check(json_reader *_Nonnull reader, const uint8_t *_Nonnull text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
