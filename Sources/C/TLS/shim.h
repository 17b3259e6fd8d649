#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

// Swift imports no macros with arguments. Each function below is one of those and nothing more.

/// The name that the server is asked for.
static inline long hector_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name);
}

/// What has been written to a memory BIO. The bytes belong to the BIO.
static inline long hector_tls_bio_contents(BIO *bio, char **bytes) {
    return BIO_get_mem_data(bio, bytes);
}
