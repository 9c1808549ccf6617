// SPDX-License-Identifier: Apache-2.0
// A line for the terminal, in pieces with styles. It holds text as it is; the ui makes it fit to be shown and puts the
// colours in, so nothing but the ui writes an escape sequence.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atcert::cli {

enum class Style { plain, good, bad, warning, dim, strong };

class Line {
 public:
  struct Piece {
    Style style = Style::plain;
    std::string text;
  };

  Line() = default;
  Line(const char* text) { add(text); }
  Line(const std::string& text) { add(text); }
  Line(std::string_view text) { add(text); }

  Line& add(std::string_view text) { return add(Style::plain, text); }
  Line& add(Style style, std::string_view text) {
    pieces_.push_back({style, std::string(text)});
    return *this;
  }

  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  std::vector<Piece> pieces_;
};

// How many columns `text` takes when it is shown.
std::size_t width_of(std::string_view text);

// `text` with blanks behind it, `width` columns wide when it is shown.
std::string padded(std::string_view text, std::size_t width);

}  // namespace atcert::cli
