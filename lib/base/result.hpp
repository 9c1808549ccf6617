// SPDX-License-Identifier: Apache-2.0
// Results and errors. A function that can fail returns Result<T>; nothing of ours throws, and exceptions of libraries
// stop in the file that calls them. An Error is a class (which is the exit code), a stable code for programs, and three
// sentences for people: what happened, why, and what to do next.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace atcert {

// The class of a failure. The values are the exit codes of every command.
enum class ErrorKind {
  internal = 1,   // a bug of ours
  usage = 2,      // wrong usage or configuration
  input = 3,      // credentials, image, manifest, script or partition table is bad
  no_module = 4,  // the port cannot be opened, or nothing that speaks AT answers
  module = 5,     // the module refused, or what it stores is not what was sent
  network = 6,    // the module has no network: Wi-Fi or clock
  cloud = 7,      // TLS, MQTT connect, subscribe, publish failed, or the message did not come round
  units = 8,      // some units of a batch failed
  taken = 9,      // this credential, module or unit is already used
  interrupted = 130,
};

// The name of a class as JSON and the man page have it ("no_module").
std::string_view name_of(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string code;    // stable, lower_case: "key_mismatch"
  std::string what;    // what happened, with the names, numbers and the module's own words
  std::string cause;   // the likely cause with its evidence; may be empty
  std::string remedy;  // what to do next; may be empty only for internal errors
};

// A value or the Error that kept it from being made.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return assert(ok()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(ok()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(ok()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return assert(!ok()), *std::get_if<1>(&state_); }
  const Error& error() const& { return assert(!ok()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!ok()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  Error& error() & { return assert(!ok()), *error_; }
  const Error& error() const& { return assert(!ok()), *error_; }
  Error&& error() && { return assert(!ok()), std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace atcert

// The one way to pass an error on:
//   ATCERT_TRY(auto, table, read_table(bytes));   // declares `table`, or returns the error
//   ATCERT_CHECK(check_size(bytes));              // for Result<void>, or to drop the value
#define ATCERT_TRY(type, variable, expression)                             \
  auto variable##_or_error = (expression);                                 \
  if (!variable##_or_error) return std::move(variable##_or_error).error(); \
  type variable = std::move(variable##_or_error).value()

#define ATCERT_CHECK(expression)                                                  \
  do {                                                                            \
    if (auto checked = (expression); !checked) return std::move(checked).error(); \
  } while (false)
