// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <utility>

#include "base/text.hpp"

template class nlohmann::basic_json<>;
template class nlohmann::detail::serializer<nlohmann::json>;
template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
template class nlohmann::detail::lexer<nlohmann::json,
                                       nlohmann::detail::iterator_input_adapter<std::string::const_iterator>>;
template class nlohmann::detail::parser<nlohmann::json,
                                        nlohmann::detail::iterator_input_adapter<std::string::const_iterator>>;

namespace atcert {

namespace {

void make_printable(nlohmann::json& value) {
  if (value.is_string()) {
    value = printable(value.get_ref<const std::string&>());
  } else if (value.is_object()) {
    nlohmann::json object = nlohmann::json::object();
    for (auto& [key, member] : value.items()) {
      make_printable(member);
      object[printable(key)] = std::move(member);
    }
    value = std::move(object);
  } else if (value.is_array()) {
    for (nlohmann::json& item : value) make_printable(item);
  }
}

}  // namespace

std::string to_text(nlohmann::json document, int indent) {
  make_printable(document);
  return document.dump(indent);
}

}  // namespace atcert
