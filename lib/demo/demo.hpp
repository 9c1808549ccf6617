// SPDX-License-Identifier: Apache-2.0
// The main job on stage: the same code path as `atcert provision`, on throwaway credentials, an emulated module and a
// real broker on loopback. Needs no hardware and leaves nothing behind.
#pragma once

#include <stop_token>

#include "at/dialogue_log.hpp"
#include "base/clock.hpp"
#include "base/events.hpp"
#include "demo/scenery.hpp"
#include "image/release.hpp"
#include "report/run.hpp"

namespace atcert::demo {

struct Audience {
  Events& events;
  at::DialogueLog* log = nullptr;  // may be null
  std::stop_token stop;
};

// A new module of this generation gets the credentials of the scenery and proves that it reaches its broker.
report::Run provision(image::Generation generation, const Scenery& scenery, const Clock& clock,
                      const Audience& audience);

}  // namespace atcert::demo
