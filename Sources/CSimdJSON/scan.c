// Where a record ends, told by brackets, quotes and newlines alone: fast, resumable, and the same
// for every way of cutting the text into parts.
#define _GNU_SOURCE
#include "CSimdJSON.h"
#include <string.h>

/// A record that is not whole gives its second line a chance of its own only when the damage shows
/// within so many bytes; each chance reads them again.
static const size_t second_chance = 64 << 10;

enum letter { OTHER, BLANK, NEWLINE, QUOTE, BACKSLASH, OPEN, CLOSE, PUNCTUATION };
static const uint8_t letters[256] = {
  [' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['\n'] = NEWLINE, ['"'] = QUOTE,
  ['\\'] = BACKSLASH, ['{'] = OPEN, ['['] = OPEN, ['}'] = CLOSE, [']'] = CLOSE,
  [','] = PUNCTUATION, [':'] = PUNCTUATION,
};

static bool is_blank(uint8_t c) { return letters[c] == BLANK; }
static bool is_closer(uint8_t c) { return c == '}' || c == ']'; }
static bool is_opener(uint8_t c) { return c == '{' || c == '['; }

// -- Between records ---------------------------------------------------------------------------

size_t json_between_skip(json_between *between, const uint8_t *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    uint8_t c = text[i];
    switch (c) {
    case ' ': case '\t': case '\r': break;
    case '\n':
      between->after_newline = true;
      between->column = 0;
      continue;
    case '{': case '[':
      // A boundary: whatever was open before is not open here.
      if (between->after_closer && between->after_newline) between->in_array = false;
      if (c == '{' || between->in_array) return i;
      between->in_array = true;
      between->after_closer = between->after_newline = false;
      break;
    case ']':
      between->in_array = false;
      between->after_closer = true;
      between->after_newline = false;
      break;
    case ',':
      between->after_closer = between->after_newline = false;
      break;
    default: return i;
    }
    between->column++;
  }
  return length;
}

size_t json_last_boundary(const uint8_t *text, size_t from, size_t length, size_t *column) {
  size_t end = length;
  const uint8_t *newline;
  while (end > from && (newline = memrchr(text + from, '\n', end - from))) {
    end = (size_t)(newline - text);
    size_t after = end + 1, before = end;
    while (after < length && is_blank(text[after])) after++;
    if (after == length || !is_opener(text[after])) continue;
    while (before > 0 && (is_blank(text[before - 1]) || text[before - 1] == '\n')) before--;
    if (before == 0 || !is_closer(text[before - 1])) continue;
    *column = after - end - 1;
    return after;
  }
  return 0;
}

size_t json_count_newlines(const uint8_t *text, size_t length) {
  // Sixteen sums side by side, in bytes, each of at most 255; a comparison gives -1 where it holds.
  typedef uint8_t vector __attribute__((vector_size(16)));
  enum { lanes = sizeof(vector), rounds = 255 };
  const vector newlines = {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10};
  size_t count = 0, i = 0;
  while (length - i >= lanes) {
    vector sums = {0}, bytes;
    for (int round = 0; round < rounds && length - i >= lanes; round++, i += lanes) {
      memcpy(&bytes, text + i, lanes);
      sums -= (vector)(bytes == newlines);
    }
    for (int lane = 0; lane < lanes; lane++) count += sums[lane];
  }
  for (; i < length; i++) count += text[i] == '\n';
  return count;
}

bool json_is_number(const uint8_t *text, size_t length) {
  size_t i = 0;
#define DIGITS() while (i < length && text[i] >= '0' && text[i] <= '9') i++
  if (i < length && text[i] == '-') i++;
  size_t whole = i;
  DIGITS();
  if (i == whole || (i > whole + 1 && text[whole] == '0')) return false;
  if (i < length && text[i] == '.') {
    size_t fraction = ++i;
    DIGITS();
    if (i == fraction) return false;
  }
  if (i < length && (text[i] == 'e' || text[i] == 'E')) {
    i++;
    if (i < length && (text[i] == '+' || text[i] == '-')) i++;
    size_t exponent = i;
    DIGITS();
    if (i == exponent) return false;
  }
#undef DIGITS
  return i == length;
}

// -- The extent of one record -------------------------------------------------------------------

enum mode {
  START,   // nothing seen
  VALUE,   // inside brackets
  STRING,  // inside brackets, inside quotes
  LOST,    // known not to be whole: looking for a line that can begin a record
  BARE,    // a number or a word outside of brackets
  TEXT,    // a string outside of brackets
  LINE,    // not JSON: the rest of the line
  DONE
};

void json_scan_begin(json_scan *scan, size_t longest, size_t column) {
  memset(scan, 0, sizeof *scan);
  scan->longest = longest;
  scan->column = column;
}

void json_between_resume(json_between *between, const json_scan *scan) {
  between->after_closer = is_closer(scan->last);
  between->after_newline = scan->ends_line;
  between->column = scan->line_start ? scan->end - scan->line_start : scan->column + scan->end;
}

/// Reading goes on at `end`. That showed at `known`, which is not before it.
static void finish(json_scan *scan, json_frame frame, size_t end, size_t known) {
  scan->mode = DONE;
  scan->frame = frame;
  scan->end = end;
  scan->known = known;
  scan->is_too_long = known > scan->longest;
}

/// Whether the second line can begin a record: the first one was cut short then.
static bool has_second_chance(const json_scan *scan, size_t known) {
  return scan->second_line && known <= second_chance && known <= scan->longest;
}

/// The record is not whole: that showed at `known`. The next one begins no sooner than `end`.
static void give_up(json_scan *scan, size_t end, size_t known) {
  if (has_second_chance(scan, known)) {
    end = scan->second_line;
    scan->last = ',';  // or a colon, or an opening bracket: anything but a closing one
  }
  scan->line_start = end;
  scan->ends_line = true;
  finish(scan, JSON_FRAME_INCOMPLETE, end, known);
}

/// Where the current line begins in the text at hand, or 0 when it began in an earlier part.
static size_t line_in_text(const json_scan *scan) {
  return scan->line_start > scan->total ? scan->line_start - scan->total : 0;
}

/// Takes note of the part of the current line that ends at `to`: is it blank, what came last?
static void note_line(json_scan *scan, const uint8_t *text, size_t to) {
  size_t from = line_in_text(scan);
  while (to > from && is_blank(text[to - 1])) to--;
  if (to == from) return;
  scan->last = text[to - 1];
  scan->is_line_blank = false;
}

/// The current line ends with the newline at `at`.
static void end_line(json_scan *scan, const uint8_t *text, size_t at) {
  note_line(scan, text, at);
  if (!scan->is_line_blank) scan->lines++;
  scan->is_line_blank = true;
  scan->line_start = scan->total + at + 1;
}

/// Whether only blanks stand between the start of the line and `at`. Not so for the first line.
static bool is_first_in_line(const json_scan *scan, const uint8_t *text, size_t at) {
  size_t from = line_in_text(scan);
  if (!scan->is_line_blank || scan->line_start == 0) return false;
  while (at > from && is_blank(text[at - 1])) at--;
  return at == from;
}

/// Whether JSON allows a value here, as far as the last byte and the innermost bracket tell.
static bool allows_value(const json_scan *scan) {
  if (scan->depth > 64) return true;
  bool is_array = scan->kinds >> (scan->depth - 1) & 1;
  return is_array ? scan->last == '[' || scan->last == ',' : scan->last == ':';
}

/// An opening bracket that is the first in its line. Gives up when no record reaches so far.
static void judge_line(json_scan *scan, size_t at) {
  size_t known = scan->total + at;
  if (is_closer(scan->last)) return give_up(scan, scan->line_start, known);
  if (known - scan->line_start > scan->column) return;
  if (!allows_value(scan)) return give_up(scan, scan->line_start, known);
  if (scan->lines == 1) scan->second_line = scan->line_start;
}

static void push(json_scan *scan, uint8_t opener) {
  if (scan->depth < 64) {
    uint64_t bit = (uint64_t)1 << scan->depth;
    scan->kinds = opener == '[' ? scan->kinds | bit : scan->kinds & ~bit;
  }
  scan->depth++;
}

static size_t step_start(json_scan *scan, uint8_t first) {
  switch (letters[first]) {
  case OPEN: scan->mode = VALUE; return 0;
  case QUOTE: scan->mode = TEXT; return 1;
  case OTHER: scan->mode = BARE; return 0;
  default: scan->mode = LINE; return 0;
  }
}

static size_t step_value(json_scan *scan, const uint8_t *text, size_t i, size_t length) {
  if (scan->is_escaped) {
    // simdjson takes a quote after a backslash for no quote, outside of strings too.
    scan->is_escaped = false;
    if (letters[text[i]] == QUOTE || letters[text[i]] == BACKSLASH) i++;
  }
  for (; i < length; i++) {
    switch (letters[text[i]]) {
    case QUOTE: scan->mode = STRING; return i + 1;
    case BACKSLASH: scan->is_escaped = true; return i + 1;
    case NEWLINE: end_line(scan, text, i); break;
    case OPEN:
      if (is_first_in_line(scan, text, i)) {
        judge_line(scan, i);
        if (scan->mode == DONE) return i;
      }
      push(scan, text[i]);
      break;
    case CLOSE:
      if (--scan->depth > 0) break;
      scan->last = text[i];
      i += scan->total + 1;
      finish(scan, scan->kinds & 1 ? JSON_FRAME_ARRAY : JSON_FRAME_OBJECT, i, i);
      return length;
    default: break;
    }
  }
  return length;
}

/// A newline inside of quotes: no JSON goes on behind it.
static size_t break_string(json_scan *scan, const uint8_t *text, size_t at) {
  end_line(scan, text, at);
  scan->mode = LOST;
  if (has_second_chance(scan, scan->line_start)) give_up(scan, 0, scan->line_start);
  return at + 1;
}

static size_t step_string(json_scan *scan, const uint8_t *text, size_t i, size_t length) {
  if (scan->is_escaped && text[i] != '\n') i++;
  scan->is_escaped = false;
  for (; i < length; i++) {
    uint8_t c = text[i];
    if (c == '"') {
      scan->mode = VALUE;
      return i + 1;
    }
    if (c == '\\') {
      scan->is_escaped = true;
      return i + 1;
    }
    if (c == '\n') return break_string(scan, text, i);
  }
  return length;
}

static size_t step_lost(json_scan *scan, const uint8_t *text, size_t i, size_t length) {
  while (i < length && is_blank(text[i])) i++;
  if (i == length) return length;
  if (is_opener(text[i]) && is_first_in_line(scan, text, i)) {
    size_t known = scan->total + i;
    if (known - scan->line_start <= scan->column || is_closer(scan->last)) {
      scan->ends_line = true;
      finish(scan, JSON_FRAME_INCOMPLETE, scan->line_start, known);
      return i;
    }
  }
  const uint8_t *newline = memchr(text + i, '\n', length - i);
  if (!newline) return length;
  end_line(scan, text, (size_t)(newline - text));
  return (size_t)(newline - text) + 1;
}

static bool is_word(const json_scan *scan, const char *word) {
  return scan->token_length == strlen(word) && !memcmp(scan->token, word, scan->token_length);
}

/// The end of a bare word at `end`, counted from the record's first byte.
static void judge_word(json_scan *scan, size_t end) {
  bool is_scalar = end <= sizeof scan->token
                   && (is_word(scan, "null") || is_word(scan, "true") || is_word(scan, "false")
                       || json_is_number(scan->token, scan->token_length));
  scan->last = 'x';
  if (is_scalar) finish(scan, JSON_FRAME_SCALAR, end, end);
  else scan->mode = LINE;
}

static size_t step_bare(json_scan *scan, const uint8_t *text, size_t i, size_t length) {
  for (; i < length; i++) {
    if (letters[text[i]] != OTHER) {
      judge_word(scan, scan->total + i);
      return i;
    }
    if (scan->token_length < sizeof scan->token) scan->token[scan->token_length++] = text[i];
  }
  return length;
}

static size_t step_text(json_scan *scan, const uint8_t *text, size_t i, size_t length) {
  if (scan->is_escaped && text[i] != '\n') i++;
  scan->is_escaped = false;
  for (; i < length; i++) {
    if (text[i] == '\n') {
      scan->mode = LINE;
      return i;
    }
    if (text[i] == '\\') {
      scan->is_escaped = true;
      return i + 1;
    }
    if (text[i] != '"') continue;
    scan->last = '"';
    i += scan->total + 1;
    finish(scan, JSON_FRAME_SCALAR, i, i);
    return length;
  }
  return length;
}

static size_t step_line(json_scan *scan, const uint8_t *text, size_t i, size_t length) {
  const uint8_t *newline = memchr(text + i, '\n', length - i);
  if (!newline) return length;
  i = (size_t)(newline - text);
  note_line(scan, text, i);
  finish(scan, JSON_FRAME_GARBAGE, scan->total + i, scan->total + i);
  return i;
}

/// Nothing follows, and the record's end was not found.
static void finish_at_end(json_scan *scan, size_t end) {
  if (scan->mode == BARE) judge_word(scan, end);
  switch (scan->mode) {
  case VALUE: case STRING: give_up(scan, end, end); break;
  case LOST: finish(scan, JSON_FRAME_INCOMPLETE, end, end); break;
  case DONE: break;
  default: finish(scan, JSON_FRAME_GARBAGE, end, end); break;
  }
}

json_frame json_scan_run(json_scan *scan, const uint8_t *text, size_t length, bool is_last) {
  size_t i = 0;
  while (i < length && scan->mode != DONE) {
    switch ((enum mode)scan->mode) {
    case START: i = step_start(scan, text[i]); break;
    case VALUE: i = step_value(scan, text, i, length); break;
    case STRING: i = step_string(scan, text, i, length); break;
    case LOST: i = step_lost(scan, text, i, length); break;
    case BARE: i = step_bare(scan, text, i, length); break;
    case TEXT: i = step_text(scan, text, i, length); break;
    case LINE: i = step_line(scan, text, i, length); break;
    case DONE: break;
    }
  }
  if (scan->mode == DONE) return scan->frame;
  note_line(scan, text, length);
  scan->total += length;
  if (!is_last) return JSON_FRAME_MORE;
  finish_at_end(scan, scan->total);
  return scan->frame;
}
