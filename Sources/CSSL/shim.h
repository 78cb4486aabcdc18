#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* How names are written: "CN=db.example.com, O=Example"; a sum of flags that Swift cannot add up. */
static const unsigned long cssl_name_flags = XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ;
