// SPDX-License-Identifier: Apache-2.0
// Credentials, factory parameters and GATT rows put into an mfg_nvs partition: the part of factory_patch.hpp that deals
// with NVS. Keys that are there keep their names and types; others are added as ESP-AT's build names them
// (components/customized_partitions/generation_tools/mfg_nvs.py).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert::image {

struct FactoryPatch;

// The partition after the patch; it passes the strict judgement of read_nvs(). Errors: a damaged partition, a full one,
// a bad value.
Result<Secret> patch_nvs(ByteView partition, const FactoryPatch& patch);

}  // namespace atcert::image
