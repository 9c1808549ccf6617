// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/gather.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "diagnosis/answers.hpp"
#include "diagnosis/slots.hpp"
#include "module/credential_store.hpp"

namespace atcert::diagnosis {
namespace {

constexpr Milliseconds kQuick{2'000};
constexpr Milliseconds kScan{10'000};
constexpr Milliseconds kLookup{15'000};
constexpr Milliseconds kConnect{12'000};
// A refusal comes at once; what is dropped on the way takes the firmware's own limit.
constexpr Milliseconds kAtOnce{4'000};
constexpr std::uint64_t kOwnLink = 4;  // with AT+CIPMUX=1: the last one
constexpr std::uint64_t kHttps = 443;

class Gatherer {
 public:
  Gatherer(const Asked& asked, Evidence& evidence)
      : session_(asked.session),
        module_(asked.module),
        given_(asked.given),
        evidence_(evidence),
        answers_(evidence.answers),
        limit_(asked.session.clock().now() + kGatherLimit) {}

  static bool knows(std::string_view name) { return action_of(name) != nullptr; }

  void ask(std::string_view name) {
    const Action action = action_of(name);
    if (action == nullptr) return;
    const Result<void> answered = (this->*action)();
    // What one answer lacks another may have, but a module that says nothing says nothing more.
    over_ = over_ || (!answered && answered.error().kind != ErrorKind::module);
  }

  bool is_over() const { return over_ || session_.clock().now() >= limit_; }

  std::optional<SlotContents> contents() && { return std::move(contents_); }

 private:
  using Action = Result<void> (Gatherer::*)();

  static Action action_of(std::string_view name) {
    for (const auto& [known, action] : kActions) {
      if (known == name) return action;
    }
    return nullptr;
  }

  Result<at::Reply> execute(at::CommandLine line, Milliseconds timeout = kQuick) {
    return session_.execute({std::move(line), timeout}, limit_);
  }

  Result<at::Reply> execute(std::string_view line, Milliseconds timeout = kQuick) {
    return execute(at::CommandLine(line), timeout);
  }

  // The first number of a query's answer, into `value`.
  template <typename Number>
  Result<void> query(std::string_view command, std::optional<Number>& value) {
    ATCERT_TRY(const auto, reply, execute(std::string(command) + "?"));
    const auto number = first_number(reply.lines, std::string(command.substr(2)) + ":");
    if (reply.ok && number && *number >= 0) value = static_cast<Number>(*number);
    return {};
  }

  const std::string* value(std::string_view name) const {
    const script::Captures captures;
    return evidence_.given.values == nullptr ? nullptr : script::Scope{*evidence_.given.values, captures}.text(name);
  }

  // A command that runs on keeps the module from every other.
  Result<void> alive() {
    over_ = !session_.check_there().ok();
    return {};
  }

  Result<void> memory() { return query("AT+SYSRAM", answers_.memory); }
  Result<void> wifi_mode() { return query("AT+CWMODE", answers_.wifi_mode); }

  Result<void> wifi_state() { return query("AT+CWSTATE", answers_.wifi_state); }

  Result<void> address() {
    std::optional<unsigned> dhcp;
    ATCERT_CHECK(query("AT+CWDHCP", dhcp));
    if (dhcp) answers_.asks_for_address = (*dhcp & 1) != 0;
    return {};
  }

  Result<void> clock() {
    ATCERT_TRY(const auto, reply, execute("AT+CIPSNTPTIME?"));
    read_clock(reply.lines, session_.clock().wall(), answers_);
    return {};
  }

  Result<void> mqtt() {
    ATCERT_TRY(const auto, reply, execute("AT+MQTTCONN?"));
    read_mqtt(reply.lines, answers_);
    return {};
  }

  Result<void> line_filter() {
    std::optional<unsigned> on;
    ATCERT_CHECK(query("AT+SYSMSGFILTER", on));
    if (on) evidence_.module.filters_lines = *on != 0;
    return {};
  }

  // Hidden networks are listed only when they are asked for by name, others of nearly that name only when not.
  Result<void> networks() {
    const std::string* name = value("wifi_ssid");
    if (name == nullptr) return {};
    at::CommandLine by_name("AT+CWLAP=");
    by_name.quoted(*name);
    ATCERT_TRY(const auto, named, execute(std::move(by_name), kScan));
    read_networks(named.lines, *name, answers_);
    if (answers_.network_seen == true) return {};
    ATCERT_TRY(const auto, all, execute("AT+CWLAP", kScan));
    read_networks(all.lines, *name, answers_);
    return {};
  }

  Result<void> name() {
    const std::string* endpoint = value("endpoint");
    if (endpoint == nullptr) return {};
    ATCERT_TRY(const auto, servers, execute("AT+CIPDNS?"));
    answers_.name_servers = read_name_servers(servers.lines);
    at::CommandLine line("AT+CIPDOMAIN=");
    line.quoted(*endpoint);
    ATCERT_TRY(const auto, reply, execute(std::move(line), kLookup));
    answers_.resolved = reply.ok ? read_address(reply.lines) : std::string();
    return {};
  }

  Result<void> slots() {
    const auto store = module::make_store(module_, session_);
    ATCERT_TRY(auto, ca, store->read(module::Slot::mqtt_ca));
    ATCERT_TRY(auto, certificate, store->read(module::Slot::mqtt_cert));
    ATCERT_TRY(auto, key, store->read(module::Slot::mqtt_key));
    const std::optional<bool> other_names = evidence_.stored.other_names;
    contents_ = SlotContents{std::move(ca), std::move(certificate), std::move(key)};
    evidence_.stored = judge(*contents_, given_);
    evidence_.stored.other_names = other_names;
    return {};
  }

  // A namespace that has an item under a name that MQTT does not read: "mqtt_cert.0".
  Result<void> slot_names() {
    bool other = false;
    for (const module::Slot slot : {module::Slot::mqtt_ca, module::Slot::mqtt_cert, module::Slot::mqtt_key}) {
      at::CommandLine line("AT+SYSMFG=1,");
      line.quoted(module::name_of(slot));
      ATCERT_TRY(const auto, reply, execute(std::move(line)));
      const std::string right =
          std::string("\"") + std::string(module::name_of(slot)) + "\",\"" + std::string(module::name_of(slot)) + "\"";
      for (const OutsideText& item : reply.lines) {
        other = other || (item.raw().starts_with("+SYSMFG:") && item.raw().find(right) == std::string_view::npos);
      }
    }
    evidence_.stored.other_names = other;
    return {};
  }

  Result<void> tcp() { return connect(evidence_.given.port.value_or(0), answers_.tcp); }

  Result<void> tcp_443() { return connect(kHttps, answers_.tcp_443); }

  // Opens a connection and closes it.
  Result<void> connect(std::uint64_t port, std::optional<Attempt>& attempt) {
    const std::string* endpoint = value("endpoint");
    if (endpoint == nullptr || port == 0) return {};
    std::optional<unsigned> multiple;
    ATCERT_CHECK(query("AT+CIPMUX", multiple));
    const bool numbered = multiple == 1U;
    at::CommandLine line("AT+CIPSTART=");
    if (numbered) line.number(kOwnLink).text(",");
    line.quoted("TCP").text(",").quoted(*endpoint).text(",").number(port);
    const auto reply = execute(std::move(line), kConnect);
    if (!reply && reply.error().code != "no_result") return reply.error();
    if (reply) read_socket_errors(reply->lines, answers_);
    if (reply && !reply->ok) {
      attempt = reply->duration < kAtOnce ? Attempt::refused : Attempt::timed_out;
      return {};
    }
    attempt = reply ? Attempt::made : Attempt::timed_out;
    at::CommandLine close("AT+CIPCLOSE");
    if (numbered) close.text("=").number(kOwnLink);
    ATCERT_CHECK(execute(std::move(close)));
    return {};
  }

  static constexpr std::array<std::pair<std::string_view, Action>, 14> kActions{{
      {"alive", &Gatherer::alive},
      {"memory", &Gatherer::memory},
      {"wifi_mode", &Gatherer::wifi_mode},
      {"wifi_state", &Gatherer::wifi_state},
      {"clock", &Gatherer::clock},
      {"mqtt", &Gatherer::mqtt},
      {"address", &Gatherer::address},
      {"line_filter", &Gatherer::line_filter},
      {"slot_names", &Gatherer::slot_names},
      {"slots", &Gatherer::slots},
      {"name", &Gatherer::name},
      {"networks", &Gatherer::networks},
      {"tcp", &Gatherer::tcp},
      {"tcp_443", &Gatherer::tcp_443},
  }};

  at::Session& session_;
  const module::Module& module_;
  const credentials::Credentials* given_;
  Evidence& evidence_;
  Answers& answers_;
  SteadyTime limit_;
  bool over_ = false;  // the module does not answer, or nobody wants to know any more
  std::optional<SlotContents> contents_;
};

}  // namespace

bool can_ask(std::string_view name) {
  return Gatherer::knows(name);
}

Gathered gather(const Asked& asked, std::span<const Question> table, Evidence& evidence) {
  Gatherer gatherer(asked, evidence);
  Gathered gathered;
  for (const Question& question : table) {
    if (gatherer.is_over()) break;
    if (!is_due(question, evidence)) continue;
    gathered.asked.push_back(question.ask);
    gatherer.ask(question.ask);
  }
  gathered.contents = std::move(gatherer).contents();
  return gathered;
}

}  // namespace atcert::diagnosis
