// What Swift cannot import of libcurl: its variadic calls. No logic.
#ifndef SPARKIFY_CCURL_H
#define SPARKIFY_CCURL_H
#include <curl/curl.h>

/// Receives bytes of a response; returns how many were taken.
typedef size_t (*ccurl_receive)(char *_Nullable, size_t, size_t, void *_Nullable);
/// Is asked often while a transfer goes on; another answer than 0 ends it.
typedef int (*ccurl_progress)(void *_Nullable, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode ccurl_set_long(CURL *_Nonnull handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_offset(CURL *_Nonnull handle, CURLoption option,
                                        curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_string(CURL *_Nonnull handle, CURLoption option,
                                        const char *_Nullable value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_pointer(CURL *_Nonnull handle, CURLoption option,
                                         void *_Nullable value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_list(CURL *_Nonnull handle, CURLoption option,
                                      struct curl_slist *_Nullable value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_receive(CURL *_Nonnull handle, CURLoption option,
                                         ccurl_receive _Nonnull value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_progress(CURL *_Nonnull handle, ccurl_progress _Nonnull value) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}
static inline CURLcode ccurl_get_long(CURL *_Nonnull handle, CURLINFO info,
                                      long *_Nonnull value) {
  return curl_easy_getinfo(handle, info, value);
}
#endif
