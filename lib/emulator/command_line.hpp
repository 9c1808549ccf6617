// SPDX-License-Identifier: Apache-2.0
// A command line as the core of ESP-AT takes it apart (order of the checks: object code of at_cmd_parse and of the
// esp_at_get_para functions in ESP-AT 4.1.1.0). A comma splits parameters also inside quotes unless a backslash stands
// before it, and a parameter is looked at only when the command asks for it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "emulator/error_codes.hpp"

namespace atcert::emulator {

inline constexpr std::size_t kMaxLineSize = 256;  // with CR LF

enum class Form { execute, query, set, test };

enum class Read { ok, omitted, failed };

template <typename T>
struct Parameter {
  Read read = Read::failed;
  T value{};

  bool ok() const { return read == Read::ok; }
  bool failed() const { return read == Read::failed; }
};

// The parameters of a set command. A failed read reports its error code, as in the firmware.
class Parameters {
 public:
  using ErrorSink = std::function<void(std::uint32_t)>;

  Parameters() = default;
  Parameters(ByteView text, ErrorSink report);

  std::size_t count() const { return ranges_.size(); }
  Parameter<std::int32_t> number(std::size_t index) const;
  Parameter<std::string> text(std::size_t index) const;
  Parameter<Secret> secret(std::size_t index) const;

 private:
  std::string_view raw(std::size_t index) const;

  Secret text_;  // a line may hold a password
  std::vector<std::pair<std::size_t, std::size_t>> ranges_;
  ErrorSink report_;
};

struct CommandLine {
  std::string name;  // upper case, without AT: "+CWJAP"
  Form form = Form::execute;
  Parameters parameters;
  std::uint32_t error = 0;  // 0: well formed
};

// `line` ends with CR LF.
CommandLine parse_command_line(ByteView line, Parameters::ErrorSink report);

}  // namespace atcert::emulator
