// SPDX-License-Identifier: Apache-2.0
// A message of the broker, its topic before the first line end: what is taken for an event tells of the client of its
// topic.
#include <cstdlib>

#include "base/bytes.hpp"
#include "cloud/presence.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  const std::string_view input = as_text({data, size});
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view topic = input.substr(0, end);
  const auto event = cloud::presence_event(topic, input.substr(std::min(end + 1, size)));
  if (event && cloud::presence_topic(event->event, event->client_id) != topic) std::abort();
  return 0;
}
