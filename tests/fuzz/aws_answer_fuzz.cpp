// SPDX-License-Identifier: Apache-2.0
// Answers of AWS of any bytes, as JSON and in the CLI's other forms: what they tell is held against the certificate,
// for modules and endpoints of both kinds, and their times are times.
#include <cstdlib>

#include "credentials/amazon_roots.hpp"
#include "credentials/aws_answer.hpp"
#include "credentials/aws_time.hpp"
#include "credentials/check.hpp"
#include "credentials/load.hpp"

namespace {

using namespace atcert;
using namespace atcert::credentials;

void expect(bool holds) {
  if (!holds) std::abort();
}

void judge(const Credentials& credentials) {
  CheckOptions options;
  options.endpoint = "a1b2c3-ats.iot.eu-west-1.amazonaws.com";
  check(credentials, options);
  options.module = limits_of("ESP8266", {{2, 3, 0, 0}});
  options.strict = true;
  for (const Finding& finding : check(credentials, options)) expect(finding.severity != Severity::warning);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const NamedFile ca{"ca", Secret(find_amazon_root("AmazonRootCA1")->pem)};
  const std::string_view text = as_text({data, size});
  aws_time(text);
  output_form(text);
  read_yaml_facts(text);
  describe_other_answer(read_secret_json(text));
  const NamedFile answer{"answer.json", Secret(text)};
  for (const NamedFile* key : {static_cast<const NamedFile*>(nullptr), &answer}) {
    const auto loaded = load_aws_json(answer, key, ca, {});
    expect(loaded.ok() || (loaded.error().kind == ErrorKind::input && !loaded.error().remedy.empty()));
    if (loaded) judge(*loaded);
  }
  return 0;
}
