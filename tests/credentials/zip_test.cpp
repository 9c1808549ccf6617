// SPDX-License-Identifier: Apache-2.0
// Archives that zip and Python's zipfile made (forms/make.sh), and small changes of them.
#include "credentials/zip.hpp"

#include <doctest/doctest.h>

#include "credentials/fixtures.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

Result<Credentials> load(const NamedFile& file, const LoadOptions& options = {}) {
  const SharedCa ca = load_ca(fixture("forms/root.pem"), {}).value();
  return load_folder(file.name, {&file, 1}, &ca, options);
}

// The archive with `value` in the byte at `offset` behind the last `signature` in it.
NamedFile changed(const std::string& name, std::string_view signature, std::size_t offset, char value) {
  std::string bytes = text_of(name);
  bytes.at(bytes.rfind(signature) + offset) = value;
  return named("kit.zip", bytes);
}

Error refused(const NamedFile& archive) {
  const auto files = unzip(archive);
  REQUIRE(!files.ok());
  CHECK(files.error().kind == ErrorKind::input);
  CHECK(files.error().remedy.find("keep it, a private key may be in it") == 0);
  return files.error();
}

constexpr std::string_view kLocal("PK\x03\x04", 4);
constexpr std::string_view kCentral("PK\x01\x02", 4);
constexpr std::string_view kEnd("PK\x05\x06", 4);

}  // namespace

TEST_CASE("an archive gives the same as a folder with its files, as they are") {
  for (const char* name : {"forms/kit.zip", "forms/kit-stored.zip", "forms/kit-streamed.zip", "forms/large-file.zip"}) {
    LoadOptions verbatim;
    verbatim.verbatim = true;
    const Credentials credentials = load(fixture(name), verbatim).value();
    CHECK(text_of(credentials.certificate.pem) == text_of("forms/leaf.pem"));
    CHECK(credentials.key.pem.reveal_text() == text_of("forms/leaf.key"));
    CHECK(credentials.changes.empty());
    CHECK(credentials.notes.empty());
  }
}

TEST_CASE("a file of an archive is called by the archive and its name there, which is no path") {
  CHECK(load(fixture("forms/kit.zip"))->key.source == "forms/kit.zip: thing.private.key");
  CHECK(load(fixture("forms/kit-streamed.zip"))->key.source == "forms/kit-streamed.zip: ../../certs/thing.private.key");
  const auto files = unzip(fixture("forms/kit-streamed.zip")).value();
  CHECK(files.size() == 6);  // the folder in it is none
  CHECK(files[1].content.reveal_text() == "#!/usr/bin/env bash\n");
}

TEST_CASE("an archive in a folder is opened where there is no certificate or key outside of it") {
  std::vector<NamedFile> files;
  for (const char* name : {"forms/kit.zip", "forms/root.pem"}) files.push_back(fixture(name));
  CHECK(load_folder("creds", files, nullptr, {})->ca.source == "forms/root.pem");
  for (const char* name : {"rsa.pem", "rsa.key", "forms/kit-encrypted.zip"}) files.push_back(fixture(name));
  const Credentials outside = load_folder("creds", files, nullptr, {}).value();
  CHECK(outside.certificate.source == "rsa.pem");
}

TEST_CASE("the same pair in two archives is one pair") {
  std::vector<NamedFile> files;
  for (const char* name : {"forms/kit.zip", "forms/kit-stored.zip", "forms/root.pem"}) files.push_back(fixture(name));
  CHECK(load_folder("creds", files, nullptr, {})->key.source == "forms/kit.zip: thing.private.key");
}

TEST_CASE("an archive that is encrypted, packed in another way, of zip64 or a bomb is refused by name") {
  const Error encrypted = refused(fixture("forms/kit-encrypted.zip"));
  CHECK(encrypted.code == "archive_encrypted");
  CHECK(encrypted.what == "forms/kit-encrypted.zip: the zip archive is not opened: start.sh in it is encrypted");
  const Error bzip2 = refused(fixture("forms/kit-bzip2.zip"));
  CHECK(bzip2.code == "archive_form");
  CHECK(bzip2.what.find("is packed by method 12, neither stored nor deflated") != std::string::npos);
  CHECK(refused(fixture("forms/kit-zip64.zip")).what.find("zip64") != std::string::npos);
  CHECK(refused(fixture("forms/bomb.zip")).code == "archive_too_large");
  // 4.4.1.4: numbers that stand in records of zip64; 4.4.3: parts of one archive.
  for (const std::size_t offset : {20U, 24U, 42U}) {
    std::string bytes = text_of("forms/kit.zip");
    bytes.replace(bytes.rfind(kCentral) + offset, 4, 4, '\xff');
    CHECK(refused(named("kit.zip", bytes)).what.find("zip64") != std::string::npos);
  }
  for (const std::size_t offset : {10U, 12U, 16U}) {
    std::string bytes = text_of("forms/kit.zip");
    bytes.replace(bytes.rfind(kEnd) + offset, offset == 10 ? 2 : 4, offset == 10 ? 2 : 4, '\xff');
    CHECK(refused(named("kit.zip", bytes)).what.find("zip64") != std::string::npos);
  }
  for (const std::size_t offset : {4U, 6U, 8U}) {
    CHECK(refused(changed("forms/kit.zip", kEnd, offset, 9)).what.find("one part of several") != std::string::npos);
  }
}

TEST_CASE("an archive of more files than any kit has is refused") {
  // As many entries of the directory as are there, 513 times the first.
  std::string bytes = text_of("forms/kit-stored.zip");
  const std::size_t directory = bytes.find(kCentral);
  const std::string first = bytes.substr(directory, bytes.find(kCentral, directory + 1) - directory);
  std::string entries;
  for (int i = 0; i < 513; ++i) entries += first;
  std::string end = bytes.substr(bytes.rfind(kEnd));
  const auto put = [&end](std::size_t offset, std::size_t value, int size) {
    for (int i = 0; i < size; ++i) end[offset + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
  };
  put(8, 513, 2);
  put(10, 513, 2);
  put(12, entries.size(), 4);
  CHECK(refused(named("kit.zip", bytes.substr(0, directory) + entries + end)).code == "archive_too_large");
}

TEST_CASE("a damaged archive is told to be damaged, wherever it is cut") {
  const std::string whole = text_of("forms/kit.zip");
  for (std::size_t size = 22; size < whole.size(); size += 7) {
    const Error error = refused(named("kit.zip", whole.substr(0, size)));
    CHECK(error.code == "archive_damaged");
    CHECK(error.remedy.find("copy it again, whole") != std::string::npos);
  }
  // A byte of what is packed, of a checksum, of sizes and places, of both signatures; an entry too many or too few.
  CHECK(refused(changed("forms/kit-stored.zip", kLocal, 60, 'x')).what.find("checksum") != std::string::npos);
  for (const std::size_t offset : {0U, 16U, 20U, 24U, 28U, 30U, 32U, 42U}) {
    CHECK(refused(changed("forms/kit.zip", kCentral, offset, 3)).code == "archive_damaged");
  }
  CHECK(refused(changed("forms/kit.zip", kCentral, 10, 0)).code == "archive_damaged");  // the method
  for (const std::size_t offset : {0U, 8U, 26U, 28U}) {
    CHECK(refused(changed("forms/kit.zip", kLocal, offset, 3)).code == "archive_damaged");
  }
  for (const char entries : {'\x04', '\x06'}) {
    std::string bytes = whole;
    for (const std::size_t offset : {8U, 10U}) bytes.at(bytes.rfind(kEnd) + offset) = entries;
    CHECK(refused(named("kit.zip", bytes)).code == "archive_damaged");
  }
  for (const std::size_t offset : {12U, 16U}) {
    CHECK(refused(changed("forms/kit.zip", kEnd, offset, 1)).code == "archive_damaged");
  }
}

TEST_CASE("what unpacks to more or less than its entry says is damaged") {
  // The sizes of thing.public.key, 178, made one larger and one smaller: APPNOTE 4.3.12, uncompressed size.
  for (const char size : {'\xb1', '\xb3'}) {
    CHECK(refused(changed("forms/kit.zip", kCentral, 24, size)).what.find("cannot be unpacked") != std::string::npos);
    CHECK(refused(changed("forms/kit-stored.zip", kCentral, 24, size)).code == "archive_damaged");
  }
}

TEST_CASE("an archive in the place of a file is not opened, and the remedy says where it is") {
  const Error error = load_files(fixture("forms/kit.zip"), fixture("forms/kit.zip"), fixture("ca.pem"), {}).error();
  CHECK(error.remedy.find("give it with --creds") != std::string::npos);
  const Error nested = load(fixture("forms/kit-nested.zip")).error();
  CHECK(nested.code == "key_missing");
  CHECK(nested.remedy.find("keep the archive") == 0);
  const NamedFile kit = fixture("forms/kit.zip");
  CHECK(load_aws_json(kit, nullptr, fixture("ca.pem"), {}).error().remedy == error.remedy);
  CHECK(nested.cause == "forms/kit-nested.zip: kit.zip: a zip archive");
}

TEST_CASE("an archive that holds nothing lacks a key") {
  // APPNOTE 4.3.16: the end of a directory without entries is all of it.
  const NamedFile empty = named("kit.zip", std::string("PK\x05\x06", 4) + std::string(18, '\0'));
  CHECK(load(empty).error().what == "kit.zip: no private key in any file");
}

}  // namespace atcert::credentials
