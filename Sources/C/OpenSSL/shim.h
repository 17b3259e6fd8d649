#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Swift imports neither macros with arguments nor variadic functions. Each function below only
// wraps one of those.

/// Returns a new key on the named curve, to be freed with EVP_PKEY_free, or NULL.
static inline EVP_PKEY *hector_generate_key(const char *curve) {
    return EVP_EC_gen(curve);
}

/// Gets the bytes that have been written to a memory BIO. They belong to the BIO.
static inline long hector_bio_contents(BIO *bio, char **bytes) {
    return BIO_get_mem_data(bio, bytes);
}

/// Sets up the extensions of a self-signed certificate.
static inline void hector_extensions_of(X509V3_CTX *context, X509 *certificate) {
    X509V3_set_ctx_nodb(context);
    X509V3_set_ctx(context, certificate, certificate, NULL, NULL, 0);
}
