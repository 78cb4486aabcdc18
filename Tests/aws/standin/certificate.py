"""A certificate for localhost, made at every start by the openssl command."""

import subprocess


def make(folder):
    """Writes an authority and a certificate of its into a folder.

    Returns the authority's file, and the pair of files (certificate, key) of the server.
    """
    authority, authority_key = f"{folder}/ca.pem", f"{folder}/ca-key.pem"
    server, key = f"{folder}/server.pem", f"{folder}/server-key.pem"
    request, names = f"{folder}/server.csr", f"{folder}/names"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    openssl("req", "-x509", *curve, "-keyout", authority_key, "-out", authority, "-days", "2",
            "-subj", "/CN=stand-in authority", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-new", *curve, "-keyout", key, "-out", request, "-subj", "/CN=localhost")
    with open(names, "w") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-days", "2",
            "-CAcreateserial", "-out", server, "-extfile", names)
    return authority, (server, key)
