// The members of one record. simdjson's On-Demand API moves between its major versions, so only
// its plainest calls are used.
#define SIMDJSON_EXCEPTIONS 0
#ifdef __OPTIMIZE__
#define NDEBUG  // without it simdjson checks its own assumptions all the time
#endif
#include "CSimdJSON.h"

#include <cmath>
#include <cstring>
#include <new>
#include <simdjson.h>

using namespace simdjson;

/// Memory for records up to this size is kept; that of a longer one is given back after it.
static const size_t kept_capacity = 1 << 20;

struct json_reader {
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object_iterator next, end;
  const uint8_t *record_end = nullptr;
  size_t longest;

  explicit json_reader(size_t longest) : parser(longest), longest(longest) {}
};

extern "C" json_reader *json_reader_create(size_t longest) {
  if (longest < 1 << 16) longest = 1 << 16;
  json_reader *reader = new (std::nothrow) json_reader(longest);
  if (reader && reader->parser.allocate(1 << 14)) {
    delete reader;
    return nullptr;
  }
  return reader;
}

extern "C" void json_reader_free(json_reader *reader) { delete reader; }

static long failure(error_code error) {
  switch (error) {
  case UTF8_ERROR: return JSON_INVALID_UTF8;
  case UNESCAPED_CHARS: return JSON_CONTROL_CHARACTER;
  case INCORRECT_TYPE: return JSON_NOT_AN_OBJECT;
  case EMPTY:
  case UNCLOSED_STRING:
  case INCOMPLETE_ARRAY_OR_OBJECT: return JSON_INCOMPLETE;
  case CAPACITY:
  case MEMALLOC: return JSON_OUT_OF_MEMORY;
  default: return JSON_BROKEN;
  }
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Reads a number, which simdjson or at least JSON's grammar must accept.
static bool read_number(ondemand::value &value, json_member &member) {
  ondemand::number number;
  bool is_number = value.get_number().get(number) == SUCCESS;
  if (is_number && number.is_int64()) {
    member.type = JSON_INTEGER;
    member.integer = number.get_int64();
    return true;
  }
  member.type = JSON_REAL;
  if (is_number && number.is_double()) {
    member.real = number.get_double();
    return true;
  }
  if (value.get_double().get(member.real) == SUCCESS) return true;
  member.real = INFINITY;
  return json_is_number(member.text, member.length);
}

/// Reads a string. Most have no escape, and are taken as they stand in the record.
static long read_string(ondemand::value &value, std::string_view token, json_member &member) {
  member.type = JSON_STRING;
  member.is_escaped = memchr(token.data(), '\\', token.size()) != nullptr;
  if (!member.is_escaped && token.size() > 1 && token.back() == '"') {
    ondemand::raw_json_string raw;
    if (value.get_raw_json_string().get(raw)) return JSON_BROKEN;
    member.text++;
    member.length = token.size() - 2;
    return 0;
  }
  std::string_view text;
  if (value.get_string().get(text)) {
    member.type = JSON_BROKEN_STRING;
    return 0;
  }
  member.text = reinterpret_cast<const uint8_t *>(text.data());
  member.length = text.size();
  return 0;
}

/// A value as it stands in the record, which becomes the member's text; of an object or an array its
/// bracket alone.
static std::string_view value_token(ondemand::value &value, json_member &member) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && is_blank(token.back())) token.remove_suffix(1);
  member.text = reinterpret_cast<const uint8_t *>(token.data());
  member.length = token.size();
  return token;
}

static long read_value(ondemand::value &value, const uint8_t *record_end, json_member &member) {
  // Never left as it was: Swift takes a `bool` that is neither 0 nor 1 for a nil.
  member.is_escaped = false;
  std::string_view token = value_token(value, member);
  if (token.empty()) return JSON_BROKEN;
  switch (token.front()) {
  case '"': return read_string(value, token, member);
  case '{':
  case '[': {
    // simdjson skips it by counting brackets; so does the scan, which also tells where it ends.
    json_scan scan;
    json_scan_begin(&scan, SIZE_MAX, 0);
    size_t rest = size_t(record_end - member.text);
    json_frame frame = json_scan_run(&scan, member.text, rest, true);
    if (frame != JSON_FRAME_OBJECT && frame != JSON_FRAME_ARRAY) return JSON_BROKEN;
    member.type = JSON_NESTED;
    member.length = scan.end;
    return 0;
  }
  case 'n': member.type = JSON_NULL; return token == "null" ? 0 : JSON_BROKEN;
  case 't': member.type = JSON_BOOL; return token == "true" ? 0 : JSON_BROKEN;
  case 'f': member.type = JSON_BOOL; return token == "false" ? 0 : JSON_BROKEN;
  default: return read_number(value, member) ? 0 : JSON_BROKEN_NUMBER;
  }
}

/// Makes room for a record, in steps, as `iterate` alone would grow byte by byte.
static error_code reserve(json_reader *reader, size_t length) {
  size_t capacity = reader->parser.capacity();
  if (length > capacity) {
    size_t wanted = length > capacity * 2 ? length : capacity * 2;
    return reader->parser.allocate(wanted < reader->longest ? wanted : reader->longest);
  }
  if (capacity > kept_capacity && length <= kept_capacity / 2) {
    return reader->parser.allocate(kept_capacity / 2);
  }
  return SUCCESS;
}

/// Reads a name. Most have no escape, and are taken as they stand: simdjson made sure beforehand
/// that every string has its closing quote.
static bool read_key(ondemand::field &field, json_member &member) {
  const char *raw = field.key().raw();
  size_t length = 0;
  while (raw[length] != '"' && raw[length] != '\\') length++;
  member.key = reinterpret_cast<const uint8_t *>(raw);
  member.key_length = length;
  if (raw[length] == '"') return true;
  std::string_view key;
  if (field.unescaped_key().get(key)) return false;
  member.key = reinterpret_cast<const uint8_t *>(key.data());
  member.key_length = key.size();
  return true;
}

/// Begins a record: 0, or why it is none.
static long begin(json_reader *reader, const uint8_t *text, size_t length) {
  if (length > reader->longest) return JSON_OUT_OF_MEMORY;
  if (error_code error = reserve(reader, length)) return failure(error);
  ondemand::object object;
  auto document = reader->parser.iterate(text, length, length + SIMDJSON_PADDING);
  if (error_code error = std::move(document).get(reader->document)) return failure(error);
  if (error_code error = reader->document.get_object().get(object)) return failure(error);
  if (error_code error = object.begin().get(reader->next)) return failure(error);
  if (error_code error = object.end().get(reader->end)) return failure(error);
  reader->record_end = text + length;
  return 0;
}

/// 0 when nothing follows the object. (3.0.1 has no `at_end`: a location means that there is
/// something.)
static long finish(json_reader *reader) {
  const char *rest;
  return reader->document.current_location().get(rest) == SUCCESS ? JSON_TRAILING_TEXT : 0;
}

extern "C" long json_reader_read(json_reader *reader, const uint8_t *text, size_t length,
                                 json_member *members, size_t capacity) {
  if (long broken = begin(reader, text, length)) return broken;
  return json_reader_read_on(reader, members, capacity);
}

extern "C" long json_reader_check(json_reader *reader, const uint8_t *text, size_t length) {
  if (long broken = begin(reader, text, length)) return broken;
  json_member member;
  for (; reader->next != reader->end; ++reader->next) {
    ondemand::field field;
    if (error_code error = (*reader->next).get(field)) return failure(error);
    if (!read_key(field, member)) return JSON_BROKEN_KEY;
    std::string_view token = value_token(field.value(), member);
    if (token.empty()) return JSON_BROKEN;
    // What a string or a number says is not asked: only whether it is one.
    if (token.front() == '"') continue;
    bool is_number = token.front() == '-' || (token.front() >= '0' && token.front() <= '9');
    if (is_number && json_is_number(member.text, member.length)) continue;
    if (long broken = read_value(field.value(), reader->record_end, member)) return broken;
  }
  return finish(reader);
}

extern "C" long json_reader_read_on(json_reader *reader, json_member *members, size_t capacity) {
  size_t count = 0;
  while (reader->next != reader->end) {
    if (count == capacity) return long(count);
    ondemand::field field;
    if (error_code error = (*reader->next).get(field)) return failure(error);
    json_member &member = members[count++];
    if (!read_key(field, member)) return JSON_BROKEN_KEY;
    if (long broken = read_value(field.value(), reader->record_end, member)) return broken;
    ++reader->next;
  }
  if (long broken = finish(reader)) return broken;
  return long(count);
}
