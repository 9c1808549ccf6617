// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/aws.hpp"

#include "base/json_object.hpp"

namespace atcert::diagnosis {
namespace {

JsonSource source_of(const std::string& file) {
  return {file, "aws_certificate", "give what aws iot describe-certificate --certificate-id ID --output json prints"};
}

// Words of AWS's own kind alone get into evidence: what else may stand in a file is anybody's.
std::string word(const JsonNode& root, std::string_view key) {
  constexpr std::size_t kLongest = 40;
  const JsonNode* node = root.find(key);
  if (node == nullptr || node->kind != JsonNode::Kind::string || node->text.size() > kLongest) return {};
  return node->text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos ? node->text : std::string();
}

}  // namespace

Result<CertificateDescription> read_certificate_description(std::string_view json, const std::string& file) {
  const JsonSource source = source_of(file);
  ATCERT_TRY(const JsonNode, root, parse_json(json, source));
  ATCERT_TRY(const JsonObject, answer, JsonObject::of(root, source, "the answer"));
  ATCERT_TRY(const JsonNode* const, node, answer.required("certificateDescription"));
  ATCERT_TRY(const JsonObject, described, JsonObject::of(*node, source, "certificateDescription"));
  ATCERT_TRY(std::string, id, described.text("certificateId"));
  ATCERT_CHECK(described.text("status"));
  CertificateDescription description{std::move(id), word(*node, "status"), word(*node, "certificateMode")};
  if (description.status.empty()) return described.error(*described.find("status"), "status is none of AWS's");
  return description;
}

}  // namespace atcert::diagnosis
