#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

// Swift does not import macros with arguments. Each function below only wraps one of those.

/// Sets the name for which the server is asked.
static inline long hector_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name);
}

/// Gets the bytes that have been written to a memory BIO. They belong to the BIO.
static inline long hector_tls_bio_contents(BIO *bio, char **bytes) {
    return BIO_get_mem_data(bio, bytes);
}
