// SPDX-License-Identifier: Apache-2.0
// Credentials, factory parameters and GATT rows put into an mfg_nvs partition: the part of factory_patch.hpp that deals
// with NVS. Keys that are there keep their names and types; others are added as ESP-AT's build names them
// (components/customized_partitions/generation_tools/mfg_nvs.py).
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert::image {

struct FactoryPatch;

// The partition after the patch; it passes the strict judgement of read_nvs(). Errors: a damaged partition, a full one,
// a bad value.
Result<Secret> patch_nvs(ByteView partition, const FactoryPatch& patch);

// "wpa2_ca" for "wpa_ent_ca" and the other way round: the name changed after release 5.0. Other names as they are.
std::string other_slot_name(std::string_view slot);

}  // namespace atcert::image
