#!/bin/sh
# Makes the fixtures beside it out of those in the folder above, with openssl (3.0), xxd, zip and python3, so that the
# bytes come from outside our code. Throwaway keys only.
set -eu
cd "$(dirname "$0")"
days=36500
rm -f ./*.pem ./*.key ./*.h ./*.ino ./*.p12 ./*.p7b ./*.p7c ./*.zip

# A root, an intermediate and a device.
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' >ca.ext
printf 'basicConstraints=CA:FALSE\n' >leaf.ext
for name in root middle leaf; do openssl ecparam -name prime256v1 -genkey -noout -out $name.key; done
openssl req -x509 -key root.key -subj "/CN=Chain root" -days $days -out root.pem
openssl req -new -key middle.key -subj "/CN=Chain middle" |
  openssl x509 -req -CA root.pem -CAkey root.key -days $days -extfile ca.ext -out middle.pem 2>/dev/null
openssl req -new -key leaf.key -subj "/CN=Chain leaf" |
  openssl x509 -req -CA middle.pem -CAkey middle.key -days $days -extfile leaf.ext -out leaf.pem 2>/dev/null
rm ca.ext leaf.ext root.key middle.key

# Bundles. The order of openssl's PKCS#7 is that of DER's SET OF, not of the files.
openssl crl2pkcs7 -nocrl -certfile root.pem -certfile middle.pem -certfile leaf.pem -out chain.p7b
openssl pkcs7 -in chain.p7b -outform DER -out chain.p7c

# PKCS#12: today's ciphers, those of OpenSSL 1 and Windows (RC2 for the certificates, 3DES for the key), 3DES alone, no
# passphrase, no encryption; and a passphrase that is not ASCII.
cat middle.pem root.pem >issuers
p12() { # NAME PASSPHRASE OPTIONS
  file=$1
  pass=$2
  shift 2
  openssl pkcs12 -export -inkey leaf.key -in leaf.pem -certfile issuers -passout "pass:$pass" "$@" -out "$file.p12"
}
p12 modern fixture -name "device 42"
p12 legacy fixture -legacy
p12 triple-des fixture -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
p12 empty ""
p12 plain "" -keypbe NONE -certpbe NONE -nomac
p12 umlaut "schlüssel"
p12 no-mac fixture -nomac -certpbe AES-256-CBC
p12 no-mac-key fixture -nomac -certpbe NONE
rm issuers
# As `openssl pkcs12 -noenc` writes it: bag attributes before each item, the key first.
openssl pkcs12 -in modern.p12 -passin pass:fixture -noenc >bags.pem
openssl pkcs12 -in modern.p12 -passin pass:fixture -noenc -nocerts >bag.key
openssl pkcs12 -in modern.p12 -passin pass:fixture -clcerts -nokeys >bag-certificate.pem

# Keys that are encrypted in the other ways: scrypt, and PKCS#12's own derivation.
openssl pkcs8 -topk8 -in leaf.key -scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 16 -passout pass:fixture -out scrypt.key
openssl pkcs8 -topk8 -in leaf.key -v1 PBE-SHA1-3DES -iter 1000 -passout pass:fixture -out pbe.key

# PKCS#8 with an attribute (friendlyName), made of the DER parts of ../ec.pkcs8.key.
python3 - <<'PYTHON'
import base64, re
body = re.sub('-----.*?-----|\n', '', open('../ec.pkcs8.key').read())
der = base64.b64decode(body)
assert der[0] == 0x30 and der[1] == 0x81
name = 'key'.encode('utf-16-be')
value = bytes([0x1e, len(name)]) + name
attribute = bytes.fromhex('06092a864886f70d010914') + bytes([0x31, len(value)]) + value
attribute = bytes([0x30, len(attribute)]) + attribute
content = der[3:] + bytes([0xa0, len(attribute)]) + attribute
text = base64.encodebytes(b'\x30\x81' + bytes([len(content)]) + content).decode().replace('\n', '')
lines = [text[i:i + 64] for i in range(0, len(text), 64)]
open('attributes.key', 'w').write('\n'.join(['-----BEGIN PRIVATE KEY-----', *lines, '-----END PRIVATE KEY-----', '']))
PYTHON

# C source. FreeRTOS' aws_clientcredential_keys.h: macros, with an example in a comment.
quoted() { sed 's/.*/"&\\n"\\/' "$1" | sed '$ s/\\$//'; }
{
  printf '/*\n * @brief PEM-encoded client certificate.\n *\n * @note Must include the PEM header and footer:\n'
  printf ' * "-----BEGIN CERTIFICATE-----\\n"\\\n * "...base64 data...\\n"\\\n * "-----END CERTIFICATE-----\\n"\n */\n'
  printf '#define keyCLIENT_CERTIFICATE_PEM \\\n'
  quoted leaf.pem
  printf '\n#define keyJITR_DEVICE_CERTIFICATE_AUTHORITY_PEM  NULL\n\n#define keyCLIENT_PRIVATE_KEY_PEM \\\n'
  quoted leaf.key
} >aws_clientcredential_keys.h
# Arduino: raw literals, the CA first.
{
  printf '#include <pgmspace.h>\n#define THINGNAME "ESP"\nconst char WIFI_SSID[] = "it'"'"'s \\"here\\"";\n'
  for item in CA:root.pem CRT:leaf.pem PRIVATE:leaf.key; do
    printf 'static const char AWS_CERT_%s[] PROGMEM = R"EOF(\n' "${item%%:*}"
    cat "${item#*:}"
    printf ')EOF";\n'
  done
} >secrets.h
# Strings added up, and a line end in the middle of a literal.
{
  printf 'const String key = \n'
  sed 's/.*/"&\\n" +/' leaf.key
  printf '"";\nconst char cert[] = "'
  sed 's/$/\\n\\/' leaf.pem
  printf '";\nconst char ca[] = "'
  sed 's/$/\\/' root.pem
  printf '";\n'
} >strings.ino
# xxd of DER and of PEM.
openssl x509 -in leaf.pem -outform DER -out leaf_der
openssl ec -in leaf.key -outform DER -out key_der 2>/dev/null
{ xxd -i leaf_der && xxd -i key_der && xxd -i root.pem; } >arrays.h
rm leaf_der key_der

# Archives as AWS's console hands them out, with zip (3.0) and Python's zipfile: deflated, stored, streamed (no sizes in
# the local headers) with a folder and a comment; and what is refused: encrypted, bzip2, zip64, one inside another.
folder=$(mktemp -d)
cp leaf.pem "$folder/thing.cert.pem"
cp leaf.key "$folder/thing.private.key"
openssl ec -in leaf.key -pubout -out "$folder/thing.public.key" 2>/dev/null
printf '{"Version": "2012-10-17"}\n' >"$folder/thing-Policy"
printf '#!/usr/bin/env bash\n' >"$folder/start.sh"
here=$PWD
(cd "$folder" && zip -q -X "$here/kit.zip" ./* && zip -q -X -0 "$here/kit-stored.zip" ./*) # no times of the user's
(cd "$folder" && zip -q -X -P fixture "$here/kit-encrypted.zip" ./* && zip -q -X -Z bzip2 "$here/kit-bzip2.zip" ./*)
zip -q -X kit-nested.zip kit.zip
python3 - "$folder" <<'PYTHON'
import io, os, sys, zipfile
folder = sys.argv[1]
class Stream(io.RawIOBase):  # cannot be sought in, so that sizes follow the data
    def __init__(self, file): self.file = file
    def writable(self): return True
    def write(self, data): return self.file.write(data)
with open('kit-streamed.zip', 'wb') as file, zipfile.ZipFile(Stream(file), 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr('__MACOSX/', b'')
    archive.writestr('__MACOSX/._thing.private.key', bytes.fromhex('0005160700020000'))
    for name in sorted(os.listdir(folder)): archive.write(f'{folder}/{name}', f'../../certs/{name}')
    archive.comment = b'made by Python'
class Zip64(zipfile.ZipFile):  # as an archive of more than 65,535 files is
    def _write_end_record(self):
        limit, zipfile.ZIP_FILECOUNT_LIMIT = zipfile.ZIP_FILECOUNT_LIMIT, 0
        super()._write_end_record()
        zipfile.ZIP_FILECOUNT_LIMIT = limit
with Zip64('kit-zip64.zip', 'w') as archive:
    for name in sorted(os.listdir(folder)): archive.write(f'{folder}/{name}', name)
with zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED) as archive:  # five times a MiB of zeros
    for i in range(5): archive.writestr(f'zeros-{i}', bytes(1 << 20))
with zipfile.ZipFile('large-file.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr('zeros', bytes((1 << 20) + 1))
    for name in ('thing.cert.pem', 'thing.private.key'): archive.write(f'{folder}/{name}', name)
PYTHON
rm -r "$folder"
