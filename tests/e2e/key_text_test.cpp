// SPDX-License-Identifier: Apache-2.0
// A private key given in the place of any other file never has its text in what the tool says.
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

using test::Outcome;

constexpr std::size_t kRun = 16;  // characters of a key that together are no accident

const std::string kCredentials = ATCERT_SOURCE_DIR "/tests/credentials/data/";

std::string text_of(const std::string& path) {
  const Bytes bytes = test::require(read_file(path, 1 << 20));
  return std::string(as_text(bytes));
}

class Key {
 public:
  Key() {
    const std::string pem = text_of(kCredentials + "rsa.key");
    for (std::size_t at = pem.find('\n') + 1; pem[at] != '-'; at = pem.find('\n', at) + 1) {
      lines_.push_back(pem.substr(at, pem.find('\n', at) - at));
    }
    for (const std::string& line : lines_) {
      for (std::size_t i = 0; i + kRun <= line.size(); ++i) runs_.insert(line.substr(i, kRun));
    }
  }

  const std::vector<std::string>& lines() const { return lines_; }
  // Its lines, each with this behind it.
  std::string joined(const std::string& behind) const {
    std::string all;
    for (const std::string& line : lines_) all += line + behind;
    return all;
  }

  // A piece of the key in `text`; empty when there is none.
  std::string piece_in(const std::string& text) const {
    for (std::size_t i = 0; i + kRun <= text.size(); ++i) {
      if (runs_.contains(text.substr(i, kRun))) return text.substr(i, kRun);
    }
    return {};
  }

 private:
  std::vector<std::string> lines_;
  std::set<std::string> runs_;
};

// Files that hold the key's text in the forms that the readers look for.
struct Disguise {
  std::string name;
  std::string content;
};

std::vector<Disguise> files_of(const Key& key) {
  const std::string& line = key.lines()[5];
  const std::string pem = text_of(kCredentials + "rsa.key");
  return {
      {"key.pem", pem},
      {"lines.txt", key.joined("\n")},
      {"one_line.txt", line + "\n"},
      {"one_text.txt", key.joined("")},
      {"carriage_returns.txt", key.joined("\r")},
      {"fields.csv", key.joined(",") + "\n" + key.joined(",") + "\n"},
      {"string.json", "\"" + line + "\""},
      {"member.json", "{\"" + line + "\": 1, \"" + line + "\": 2}"},
      {"broken.json", "{\"files\": [" + line + "]}"},
      {"manifest.json", R"({"kind": "atcert-images", "schema": 1, "module": null, "chip": null, "config": null,
                            "layout": null, "release": "1", "files": [{"name": "a/)" +
                            line + R"(", "partition": "p", "address": ")" + line + R"(", "size": 1, "sha256": ")" +
                            line + "\"}]}"},
      {"digest.json", R"({"kind": "atcert-images", "schema": 1, "module": null, "chip": null, "config": null,
                          "layout": null, "release": "1", "files": [{"name": "a", "partition": "p", "address": null,
                          "size": 1, "sha256": ")" +
                          line + "\"}]}"},
      {"script.json", R"({"title": "t", ")" + line + "\": 1}"},
      {"step.json", R"({"title": "t", "steps": [{"name": ")" + line + R"(", "send": "AT+${)" + line +
                        R"(}", "on_failure": "continue"}, {"name": "b", "send": "AT", "result": ")" + line + "\"}]}"},
      {"units.csv", "serial,creds\n" + line + ",x\n"},
      {"units_twice.csv", "serial,creds\na,b\n\"" + line + "\",b,c\n"},
      {"pem_cell.csv", "serial,cert,key\na,b,-----BEGIN RSA PRIVATE KEY-----\\n" + key.joined("\\n") + "\n"},
      {"table.csv", line + ",data,nvs,0x9000,0x4000\n"},
      {"type.csv", "a," + line + ",nvs,0x9000,0x4000\n"},
      {"subtype.csv", "a,data," + line + ",0x9000,0x4000\n"},
      {"offset.csv", "a,data,nvs," + line + "," + line + "\n"},
      {"flag.csv", "a,data,nvs,0x9000,0x4000," + line + "\n"},
      {"nvs_name.csv", "key,type,encoding,value\n" + line + ",namespace,,\n"},
      {"nvs_type.csv", "key,type,encoding,value\ns,namespace,,\nk," + line + ",u8,1\n"},
      {"nvs_encoding.csv", "key,type,encoding,value\ns,namespace,,\nk,data," + line + ",1\n"},
      {"nvs_value.csv", "key,type,encoding,value\ns,namespace,,\nk,data,u8," + line + "\n"},
      {"nvs_pem.csv", "key,type,encoding,value\ns,namespace,,\nk,file,string,\"" + pem + "\"\n"},
      {"config.toml", line + "\n"},
      {"option.toml", line + " = 1\n"},
      {"value.toml", "days = [" + line + "\n"},
  };
}

}  // namespace

TEST_CASE("no option that reads a file says anything of a key that is given in its place") {
  const Key key;
  const ScratchFolder scratch = test::require(ScratchFolder::create("key-text"));
  const std::string out = (scratch.path() / "out").string();
  const std::string cert = kCredentials + "rsa.pem";
  const std::string own_key = kCredentials + "rsa.key";
  const std::string ca = kCredentials + "ca.pem";
  // FILE is where the file goes, DIR a folder with the file alone in it, under the name that is looked for.
  const std::vector<std::vector<std::string>> commands = {
      {"inspect", "FILE"},
      {"inspect", "FILE", "--json"},
      {"inspect", cert, "--nvs-keys", "FILE"},
      {"check", "--creds", "FILE"},
      {"check", "--cert", "FILE", "--key", "FILE", "--ca", "FILE", "--json"},
      {"check", "--cert", "FILE", "--key", own_key, "--ca", ca},
      {"check", "--aws-json", "FILE", "--ca", ca},
      {"check", "--config", "FILE", "--cert", cert, "--key", own_key, "--ca", ca},
      {"build", "--manifest", "FILE", "--module", "ESP32-WROOM-32", "-o", out},
      {"build", "--partition-table", "FILE", "--cert", cert, "--key", own_key, "--ca", ca, "-o", out},
      {"build", "--nvs-csv", "FILE", "--size", "0x4000", "-o", out},
      {"build", "--into", "FILE", "--cert", cert, "--key", own_key, "--ca", ca, "-o", out},
      {"build", "--nvs-keys", "FILE", "--nvs-csv", "FILE", "--size", "0x4000", "-o", out},
      {"build", "--slot", "client_ca=FILE", "--module", "ESP32-WROOM-32", "-o", out},
      {"verify", "--script", "FILE", "--endpoint", "a.example", "--port", "/dev/null"},
      {"verify", "--set-file", "client_id=FILE", "--endpoint", "a.example", "--port", "/dev/null", "--wifi-ssid", "x"},
      {"verify", "--set-file", "topic=FILE", "--endpoint", "a.example", "--port", "/dev/null", "--wifi-ssid", "x",
       "--json"},
      {"verify", "--wifi-password-file", "FILE", "--endpoint", "a.example", "--port", "/dev/null", "--wifi-ssid", "x"},
  };
  int runs = 0;
  for (const Disguise& disguise : files_of(key)) {
    const std::string file = (scratch.path() / disguise.name).string();
    REQUIRE(write_file(file, as_bytes(disguise.content)).ok());
    for (std::vector<std::string> arguments : commands) {
      for (std::string& argument : arguments) {
        if (const std::size_t at = argument.find("FILE"); at != std::string::npos) argument.replace(at, 4, file);
      }
      const Outcome outcome = test::run({.arguments = arguments});
      ++runs;
      CAPTURE(disguise.name);
      CAPTURE(arguments[0]);
      CAPTURE(arguments[1]);
      CHECK(key.piece_in(outcome.all()).empty());
      CHECK(outcome.exit_code != 1);
      std::filesystem::remove_all(out);
    }
  }
  CHECK(runs > 400);
}

TEST_CASE("no folder of data says anything of a key in it") {
  const Key key;
  const struct {
    const char* name;
    std::vector<std::string> command;
  } folders[] = {
      {"modules.csv", {"build", "--list-modules", "--partitions"}},
      {"releases.csv", {"build", "--list-modules", "--partitions"}},
      {"L01.partitions_at.csv",
       {"build", "--dry-run", "--module", "ESP32-WROOM-32", "--release", "2.4.0.0", "--creds", kCredentials + "rsa.pem",
        "--partitions"}},
      {"aws-iot.json", {"verify", "--endpoint", "a.example", "--port", "/dev/null", "--templates"}},
  };
  for (const auto& folder : folders) {
    for (const Disguise& disguise : files_of(key)) {
      const ScratchFolder scratch = test::require(ScratchFolder::create("key-data"));
      REQUIRE(write_file(scratch.path() / folder.name, as_bytes(disguise.content)).ok());
      std::vector<std::string> arguments = folder.command;
      arguments.push_back(scratch.path().string());
      CAPTURE(folder.name);
      CAPTURE(disguise.name);
      CHECK(key.piece_in(test::run({.arguments = arguments}).all()).empty());
    }
  }
}

}  // namespace atcert
