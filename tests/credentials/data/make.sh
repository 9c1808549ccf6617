#!/bin/sh
# Makes the fixtures beside it with the openssl command line (3.0), so that the bytes come from outside our code.
# Throwaway keys only. Running it again makes other keys: load_test.cpp holds the facts of rsa.pem.
set -eu
cd "$(dirname "$0")"
days=36500

ca() { # NAME SUBJECT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$1.key" -out "$1.pem" -days $days \
    -subj "$2" -addext basicConstraints=critical,CA:TRUE 2>/dev/null
}

sign() { # NAME SUBJECT KEY [DIGEST]: a device certificate by ca.pem
  openssl req -new -key "$3" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days $days "-${4:-sha256}" -out "$1.pem" 2>/dev/null
}

ca ca "/O=Fixtures/CN=Fixture CA"
openssl genrsa -traditional -out rsa.key 2048 2>/dev/null
sign rsa "/CN=RSA device" rsa.key
openssl ecparam -name prime256v1 -genkey -out ec-parameters.key # with a block EC PARAMETERS before the key
openssl ec -in ec-parameters.key -out ec.key 2>/dev/null
sign ec "/CN=EC device" ec.key

# The same RSA key and certificate in other forms.
openssl pkcs8 -topk8 -nocrypt -in rsa.key -out rsa.pkcs8.key
openssl pkcs8 -topk8 -nocrypt -in rsa.key -outform DER -out rsa.pkcs8.der
openssl rsa -in rsa.key -traditional -outform DER -out rsa.key.der 2>/dev/null
openssl rsa -in rsa.key -pubout -out rsa.pub 2>/dev/null
openssl pkcs8 -topk8 -v2 aes-256-cbc -in rsa.key -passout pass:fixture -out rsa.encrypted.key
openssl pkcs8 -topk8 -v2 aes-256-cbc -in rsa.key -passout pass:fixture -outform DER -out rsa.encrypted.der
openssl rsa -in rsa.key -traditional -aes128 -passout pass:fixture -out rsa.encrypted-traditional.key 2>/dev/null
openssl x509 -in rsa.pem -outform DER -out rsa.der
openssl x509 -in rsa.pem -text -out rsa.text.pem
openssl x509 -in rsa.pem -trustout -addtrust clientAuth -out rsa.trusted.pem
openssl pkcs12 -export -in rsa.pem -inkey rsa.key -passout pass:fixture -out rsa.p12
openssl crl2pkcs7 -nocrl -certfile rsa.pem -out rsa.p7b
openssl crl2pkcs7 -nocrl -out empty.p7b
openssl rsa -pubin -in rsa.pub -outform DER -out rsa.pub.der 2>/dev/null

# The same EC key in other forms.
openssl ec -in ec.key -outform DER -out ec.key.der 2>/dev/null
openssl ec -in ec.key -conv_form compressed -out ec.compressed.key 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in ec.key -out ec.pkcs8.key

# Keys and signatures that the checks object to.
openssl genrsa -traditional -out rsa1024.key 1024 2>/dev/null
sign rsa1024 "/CN=small" rsa1024.key
openssl genrsa -traditional -out rsa3072.key 3072 2>/dev/null
sign rsa3072 "/CN=slow" rsa3072.key
openssl ecparam -name secp384r1 -genkey -noout -out p384.key
sign p384 "/CN=P-384" p384.key
openssl ecparam -name secp521r1 -genkey -noout -out p521.key
sign p521 "/CN=P-521" p521.key
openssl genpkey -algorithm ED25519 -out ed25519.key
sign ed25519 "/CN=Ed25519" ed25519.key
sign sha1 "/CN=SHA-1" ec.key sha1

# Authorities that the checks object to.
ca other-ca "/O=Fixtures/CN=Other CA"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout intermediate.key -subj "/CN=Intermediate" \
  -out intermediate.csr 2>/dev/null
printf 'basicConstraints=critical,CA:TRUE\n' >extensions
openssl x509 -req -in intermediate.csr -CA ca.pem -CAkey ca.key -days $days -extfile extensions -out intermediate.pem \
  2>/dev/null
# One that may sign for devices only, as the authorities of the cloud are.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout server.key -out pathlen-ca.pem \
  -days $days -subj "/CN=Path length" -addext basicConstraints=critical,CA:TRUE,pathlen:0 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout server.key -out self-signed-server.pem \
  -days $days -subj "/CN=broker" -addext basicConstraints=critical,CA:FALSE 2>/dev/null
# Of version 1: without extensions.
openssl req -new -key ca.key -subj "/CN=Version 1 root" |
  openssl x509 -req -signkey ca.key -days $days -out v1-root.pem 2>/dev/null

mv rsa.csr keep && rm -f ./*.csr extensions other-ca.key intermediate.key server.key && mv keep rsa.csr
