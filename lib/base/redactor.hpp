// SPDX-License-Identifier: Apache-2.0
// The one door for text from a module: takes out the secrets of the job, and makes what is left fit to be shown. A line
// loses bytes, echoes come back cut and with other lines in the middle of them, so a key is found by its pieces and not
// as a whole. Not thread-safe: a redactor belongs to one stream of text, and remembers how it went on.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/compact_text.hpp"
#include "base/outside.hpp"
#include "base/secret.hpp"
#include "base/secret_pieces.hpp"

namespace atcert {

class Redactor {
 public:
  // Makes a secret known: a PEM private key, found by its pieces in base64 and in hex (of the PEM and of its DER); or a
  // password or the like, found as a whole and by longer pieces, in any quoting and in hex. Private-key blocks of PEM
  // are hidden also when they are nobody's that is known.
  void hide(const Secret& secret);

  // The next text of the stream: a line, without its line end, or a payload. What it begins with may go on from the
  // texts before.
  OutsideText admit(std::string_view text);

 private:
  static constexpr std::size_t kAlphabets = 3;

  struct Form {
    Alphabet alphabet;
    SecretPieces pieces;
  };
  struct Stretch;
  class Marks;

  void hide_key(std::string_view pem);
  void hide_value(const Secret& value);
  void add_form(Alphabet alphabet, Secret text, std::size_t length);
  void add_hex(ByteView bytes);

  bool looks_for(Alphabet alphabet) const;
  Stretch stretch_of(std::string_view text, Alphabet alphabet) const;
  void mark_pieces(const Stretch& stretch, Alphabet alphabet, Marks& marks) const;
  void mark_short(std::string_view text, Marks& marks) const;
  void mark_key_blocks(const Stretch& stretch, std::string_view text, Marks& marks);

  std::vector<Secret> known_;
  std::vector<Form> forms_;
  std::vector<Secret> short_;             // found only where they are quoted, or alone
  std::array<Secret, kAlphabets> tails_;  // how the texts so far end, in each alphabet
  std::size_t block_left_ = 0;            // within a private-key block: how many more characters it may have
};

}  // namespace atcert
