// SPDX-License-Identifier: Apache-2.0
#include "base/redactor.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <openssl/evp.h>

#include "base/text.hpp"

namespace atcert {
namespace {

// How long a piece must be to be a secret's and nobody else's. By chance, one of the 1624 pieces of an RSA key is met
// once in 2^37 characters of base64, and one of the 7000 of its hex forms once in 2^35 digits.
constexpr std::size_t kBase64Piece = 8;
constexpr std::size_t kHexPiece = 12;
constexpr std::size_t kValuePiece = 6;
// Shorter values ("1234") stand in other texts too.
constexpr std::size_t kShortestValue = 5;

// Enough to join pieces, and the words of a BEGIN line, over line ends.
constexpr std::size_t kTail = 40;
// What a line may begin with by chance after a piece of a secret: "OK".
constexpr std::size_t kChance = 4;

// PEM of 4096 bits has 3272 characters; what never ends is no key.
constexpr std::size_t kLongestBlock = 8192;
// A run of base64 in a line that came into a key block: longer than any word of the firmware.
constexpr std::size_t kBlockRun = 16;

constexpr std::string_view kHidden = "***";
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kDashes = "-----";

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// The bytes that a block of base64 stands for; nothing when it is damaged.
Secret decoded(const Secret& base64) {
  Secret text = base64.clone();
  while (text.size() % 4 != 0) text.append("=");
  Secret bytes = Secret::of_size(text.size() / 4 * 3);
  const int size = EVP_DecodeBlock(bytes.writable().data(), text.reveal().data(), static_cast<int>(text.size()));
  bytes.shrink(size < 0 ? 0 : static_cast<std::size_t>(size) - (text.size() - base64.size()));
  return bytes;
}

Secret hex_of(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Secret hex = Secret::of_size(bytes.size() * 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    hex.writable()[2 * i] = static_cast<std::uint8_t>(kDigits[bytes[i] >> 4]);
    hex.writable()[2 * i + 1] = static_cast<std::uint8_t>(kDigits[bytes[i] & 0xf]);
  }
  return hex;
}

// What may stand in the lines of a key beside base64.
constexpr std::string_view kBesides = "=\\\r\n";

// In a key block: a line that is of the key, and not one that came in between.
bool is_body(std::string_view line) {
  constexpr std::array<std::string_view, 4> kResults{"OK", "ERROR", "FAIL", "ready"};
  const auto body = [](char c) { return is_base64(c) || kBesides.find(c) != kBesides.npos; };
  return std::all_of(line.begin(), line.end(), body) &&
         std::find(kResults.begin(), kResults.end(), line) == kResults.end();
}

}  // namespace

// Which characters of a text are hidden.
class Redactor::Marks {
 public:
  explicit Marks(std::size_t size) : hidden_(size) {}

  void mark(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) hidden_[i] = true;
  }

  void mark_runs(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
      std::size_t end = begin;
      while (end < text.size() && is_base64(text[end])) ++end;
      if (end - begin >= kBlockRun) mark(begin, end);
      begin = end + 1;
    }
  }

  std::string apply(std::string_view text) const {
    std::string shown;
    bool hiding = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool hide = hidden_[i] || (hiding && text[i] == '=');  // the padding of base64
      if (hide && !hiding) shown += kHidden;
      if (!hide) shown += text[i];
      hiding = hide;
    }
    return shown;
  }

 private:
  std::vector<bool> hidden_;
};

// A text in one alphabet, with the end of what came before it in front.
struct Redactor::Stretch {
  CompactText own;
  Secret all;
  std::size_t tail = 0;  // how much of `all` came before

  // From the character first of `all` up to the one before last, and what stands between them in the text.
  void mark(std::size_t first, std::size_t last, Marks& marks) const {
    first = std::max(first, tail);
    if (first < last) marks.mark(own.places[first - tail], own.places[last - 1 - tail] + 1);
  }
};

void Redactor::hide(const Secret& secret) {
  const bool known = std::any_of(known_.begin(), known_.end(), [&](const Secret& other) { return other == secret; });
  if (secret.empty() || known) return;
  known_.push_back(secret.clone());
  if (secret.reveal_text().find(kBegin) == std::string_view::npos) return hide_value(secret);
  hide_key(secret.reveal_text());
  add_hex(secret.reveal());
}

void Redactor::hide_key(std::string_view pem) {
  Secret body;
  while (!pem.empty()) {
    const std::string_view line = take_line(pem);
    const bool header = line.find(':') != line.npos;  // of an encrypted key: "Proc-Type: 4,ENCRYPTED"
    if (!line.starts_with(kDashes) && !header) body.append(compact(line, Alphabet::base64).text.reveal());
    if (!line.starts_with(kDashes) && !pem.empty()) continue;
    add_hex(decoded(body).reveal());
    add_form(Alphabet::base64, std::exchange(body, {}), kBase64Piece);
  }
}

void Redactor::hide_value(const Secret& value) {
  Secret text = compact(value.reveal_text(), Alphabet::value).text;
  if (text.size() < kShortestValue) {
    short_.push_back(value.clone());
    return;
  }
  const std::size_t length = std::min(text.size(), kValuePiece);
  add_form(Alphabet::value, std::move(text), length);
  add_hex(value.reveal());
}

void Redactor::add_form(Alphabet alphabet, Secret text, std::size_t length) {
  if (text.size() < length) length = text.size();
  if (length > 0) forms_.push_back({alphabet, SecretPieces(std::move(text), length)});
}

void Redactor::add_hex(ByteView bytes) {
  add_form(Alphabet::hex, hex_of(bytes), kHexPiece);
}

OutsideText Redactor::admit(std::string_view text) {
  Marks marks(text.size());
  for (const Alphabet alphabet : {Alphabet::value, Alphabet::base64, Alphabet::hex}) {
    if (alphabet != Alphabet::base64 && !looks_for(alphabet)) continue;
    Stretch stretch = stretch_of(text, alphabet);
    mark_pieces(stretch, alphabet, marks);
    if (alphabet == Alphabet::base64) mark_key_blocks(stretch, text, marks);
    const ByteView all = stretch.all.reveal();
    tails_.at(static_cast<std::size_t>(alphabet)) = Secret(all.last(std::min(kTail, all.size())));
  }
  mark_short(text, marks);
  return {text, printable(marks.apply(text))};
}

bool Redactor::looks_for(Alphabet alphabet) const {
  return std::any_of(forms_.begin(), forms_.end(), [&](const Form& form) { return form.alphabet == alphabet; });
}

Redactor::Stretch Redactor::stretch_of(std::string_view text, Alphabet alphabet) const {
  const Secret& tail = tails_.at(static_cast<std::size_t>(alphabet));
  Stretch stretch{compact(text, alphabet), tail.clone(), tail.size()};
  stretch.all.append(stretch.own.text.reveal());
  return stretch;
}

void Redactor::mark_pieces(const Stretch& stretch, Alphabet alphabet, Marks& marks) const {
  const std::string_view all = stretch.all.reveal_text();
  std::vector<bool> found(all.size());
  for (const Form& form : forms_) {
    if (form.alphabet == alphabet) form.pieces.mark(all, found);
  }
  for (std::size_t first = stretch.tail; first < found.size();) {
    std::size_t last = first;
    while (last < found.size() && found[last]) ++last;
    const bool chance = first == stretch.tail && last - first < kChance && last < found.size();
    if (!chance) stretch.mark(first, last, marks);
    first = last + 1;
  }
}

// Quoted, or all there is.
void Redactor::mark_short(std::string_view text, Marks& marks) const {
  for (const Secret& secret : short_) {
    const std::string_view value = secret.reveal_text();
    if (text == value) marks.mark(0, text.size());
    for (std::size_t at = 0; (at = text.find(value, at)) != text.npos; ++at) {
      const std::size_t end = at + value.size();
      if (at > 0 && text[at - 1] == '"' && end < text.size() && text[end] == '"') marks.mark(at, end);
    }
  }
}

// "-----BEGIN RSA PRIVATE KEY-----", and END, whatever of it arrived: in this alphabet the words stand together.
void Redactor::mark_key_blocks(const Stretch& stretch, std::string_view text, Marks& marks) {
  constexpr std::string_view kWords = "PRIVATEKEY";
  constexpr std::size_t kBefore = 20;  // "BEGIN" and the kind of the key
  const std::string_view all = stretch.all.reveal_text();
  bool inside = block_left_ > 0;
  bool began_here = false;
  std::size_t begin = stretch.tail;  // of what is not judged yet
  for (std::size_t at = 0; (at = all.find(kWords, at)) != all.npos;) {
    const std::size_t word = at - std::min(at, kBefore);
    const std::string_view before = all.substr(word, at - word);
    at += kWords.size();
    if (at <= stretch.tail) continue;  // judged with the text before
    const std::size_t begin_word = before.rfind("BEGIN");
    const std::size_t end_word = before.rfind("END");
    if (end_word != before.npos && (begin_word == before.npos || begin_word < end_word)) {
      if (inside) stretch.mark(begin, word + end_word, marks);
      inside = false;
      continue;
    }
    const std::size_t behind = stretch.own.places[at - 1 - stretch.tail] + 1;
    const bool dashes = text.substr(behind).starts_with('-');
    if (!dashes && begin_word == before.npos) continue;
    inside = began_here = true;
    block_left_ = kLongestBlock;
    begin = at;
  }
  if (inside && (began_here || is_body(text))) stretch.mark(begin, all.size(), marks);
  if (inside) marks.mark_runs(text);
  block_left_ = inside ? block_left_ - std::min(block_left_, text.size()) : 0;
}

}  // namespace atcert
