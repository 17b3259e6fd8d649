#pragma once

#include <curl/curl.h>

// libcurl sets options and returns information through variadic functions, which Swift does not
// import. Each function below only calls one of them with one type of argument.

typedef size_t hector_curl_receiver(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode hector_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLMcode hector_curl_multi_set_long(
    CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLcode hector_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

/// Sets an option to a string, which libcurl copies.
static inline CURLcode hector_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/// Sets an option to a pointer, which libcurl keeps, except for CURLOPT_COPYPOSTFIELDS.
static inline CURLcode hector_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode hector_curl_set_receiver(
    CURL *easy, CURLoption option, hector_curl_receiver *receiver) {
    return curl_easy_setopt(easy, option, receiver);
}
