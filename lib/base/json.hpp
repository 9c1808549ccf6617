// SPDX-License-Identifier: Apache-2.0
// nlohmann/json, whose templates are compiled once (json.cpp): they took half the time of every file that uses them. It
// is for writing; what comes from outside is read with json_tree.hpp.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

extern template class nlohmann::basic_json<>;
extern template class nlohmann::detail::serializer<nlohmann::json>;
extern template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
extern template class nlohmann::detail::lexer<nlohmann::json,
                                              nlohmann::detail::iterator_input_adapter<std::string::const_iterator>>;
extern template class nlohmann::detail::parser<nlohmann::json,
                                               nlohmann::detail::iterator_input_adapter<std::string::const_iterator>>;

namespace atcert {

// The document as text, in lines where there is an indent: the one way in which JSON is written. All strings and keys
// are printable (base/text.hpp): names in certificates, files and modules may hold any bytes.
std::string to_text(nlohmann::json document, int indent = -1);

}  // namespace atcert
