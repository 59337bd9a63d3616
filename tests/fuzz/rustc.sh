#!/usr/bin/env bash
# The compiler for fuzz targets: leaves arithmetic, ciphers and code that no target reaches without instrumentation, which
# has nothing to tell there and takes most of the time.
set -euo pipefail
plain=" aes cbc ciborium cidr cipher cmac cmov crypto_bigint crypto_primes ctutils des digest ecdsa elliptic_curve fdeflate
 ff flate2 group half hmac http httparse hybrid_array miniz_oxide moxcms num_traits p256 p384 p521 png primefield primeorder
 pxfm retail_mac rfc6979 rsa rustix serde_json sha1 sha2 subtle tempfile toml_writer ureq ureq_proto wnaf zerocopy zeroize "
arguments=()
name=
for argument; do
    [ "$name" != --crate-name ] || [[ ${plain//$'\n'/} != *" $argument "* ]] || instrumented=no
    [ "$argument" = -Cpasses=sancov-module ] && [ "${instrumented:-}" = no ] || arguments+=("$argument")
    name=$argument
done
exec "${arguments[@]}"
