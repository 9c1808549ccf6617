// SPDX-License-Identifier: Apache-2.0
// Private to this folder: the answers of AWS that hold a certificate (AWS IoT API reference; developer guide, "Device
// provisioning MQTT API"), told apart by their members.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "credentials/contents.hpp"
#include "credentials/credentials.hpp"
#include "credentials/secret_json.hpp"

namespace atcert::credentials {

struct AwsAnswer {
  std::string_view certificate;  // where its PEM stands: "certificatePem"
  std::string_view key;          // where the private key stands; empty when the answer has none
  std::string_view without_key;  // why it has none, in words
  AwsFacts facts;
};

// None when it is no such answer.
std::optional<AwsAnswer> read_aws_answer(const SecretJson& json);

// What an answer without a certificate is, in words: "AWS refused it: ..."; empty when it is not known.
std::string describe_other_answer(const SecretJson& json);

// The other forms in which the AWS CLI prints such answers.
enum class CliOutput { json, yaml, text, table, other };

CliOutput output_form(std::string_view text);
std::string_view name_of(CliOutput form);

// What members of these names, one a line, tell in YAML.
AwsFacts read_yaml_facts(std::string_view text);

}  // namespace atcert::credentials
