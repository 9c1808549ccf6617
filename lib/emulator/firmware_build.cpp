// SPDX-License-Identifier: Apache-2.0
#include "emulator/firmware_build.hpp"

#include <array>

namespace atcert::emulator {
namespace {

using R = image::Release;

constexpr std::array kBuilds{
    FirmwareBuild{R{{2, 0, 0, 0}}, "", "e44648c", "Nov  4 2019 02:18:57", "v3.3", "(7cac7ad):Nov  4 2019 06:11:40"},
    FirmwareBuild{R{{2, 0, 0, 0}}, "ESP8266", "e44648c", "Nov  4 2019 02:16:39", "v3.3",
                  "(7cac7ad):Nov  4 2019 06:11:40"},
    FirmwareBuild{R{{2, 1, 0, 0}}, "", "883f7f2", "Jul 24 2020 11:50:07", "v4.0.1-193-ge7ac221b4",
                  "(98b95fc):Oct 29 2020 11:23:25"},
    FirmwareBuild{R{{2, 1, 0, 0}}, "ESP8266", "ded5b14", "Jul 24 2020 12:01:05", "v3.3",
                  "(98b95fc):Oct 29 2020 11:23:25"},
    FirmwareBuild{R{{2, 2, 0, 0}}, "", "c6fa6bf", "Jul  2 2021 06:44:05", "v4.2.2", "(7cac7ad):Jul  2 2021 06:44:40"},
    FirmwareBuild{R{{2, 2, 0, 0}}, "ESP32C3", "90458f0", "Jun 18 2021 10:23:57", "v4.3",
                  "(7cac7ad):Jun 18 2021 10:24:40"},
    FirmwareBuild{R{{2, 2, 0, 0}}, "ESP8266", "b097cdf", "Jun 17 2021 12:57:45", "v3.4",
                  "(7cac7ad):Jun 17 2021 12:58:40"},
    FirmwareBuild{R{{2, 2, 1, 0}}, "ESP8266", "46d6c26", "Aug  6 2021 06:50:15", "v3.4",
                  "(7cac7ad):Aug  6 2021 06:51:40"},
    FirmwareBuild{R{{2, 2, 2, 0}}, "ESP8266", "6cdf453", "Nov 18 2024 08:03:40", "v3.4",
                  "(7cac7ad):Nov 18 2024 08:04:40"},
    FirmwareBuild{R{{2, 3, 0, 0}}, "", "e98993f", "Dec 23 2021 09:03:35", "v4.3.1-354-g98d34e5f6d",
                  "(638cf57):May 25 2022 09:02:46"},
    FirmwareBuild{R{{2, 3, 0, 0}}, "ESP8266", "2522d50", "Aug 13 2025 08:41:04", "v3.4",
                  "(7cac7ad):Aug 13 2025 08:42:40"},
    FirmwareBuild{R{{2, 4, 0, 0}}, "", "4c6eb5e", "May 20 2022 03:11:58", "v4.3.3-dirty",
                  "(7cac7ad):May 20 2022 06:11:40"},
    FirmwareBuild{R{{2, 4, 0, 0}}, "ESP32C3", "4c6eb5e", "May 20 2022 03:11:59", "v4.3.3-dirty",
                  "(7cac7ad):May 20 2022 06:11:40"},
    FirmwareBuild{R{{2, 4, 1, 0}}, "", "dbcd258", "Aug  4 2022 06:58:34", "v4.3.3-dirty",
                  "(7cac7ad):Aug  4 2022 06:59:40"},
    FirmwareBuild{R{{2, 4, 1, 0}}, "ESP32C3", "dbcd258", "Aug  4 2022 06:58:36", "v4.3.3-dirty",
                  "(7cac7ad):Aug  4 2022 06:59:40"},
    FirmwareBuild{R{{2, 4, 2, 0}}, "", "fb731d2", "Aug 25 2022 03:47:28", "v4.3.3-dirty",
                  "(7cac7ad):Aug 25 2022 03:48:40"},
    FirmwareBuild{R{{2, 4, 2, 0}}, "ESP32C3", "fb731d2", "Aug 25 2022 03:47:31", "v4.3.3-dirty",
                  "(7cac7ad):Aug 25 2022 03:48:40"},
    FirmwareBuild{R{{3, 0, 0, 0}}, "", "478a3d0", "Nov 25 2022 06:57:40", "v5.0", "(7cac7ad):Nov 25 2022 06:58:40"},
    FirmwareBuild{R{{3, 1, 0, 0}}, "", "c29f279", "Jun  2 2023 10:18:03", "v5.0", "(7cac7ad):Jun  2 2023 10:19:40"},
    FirmwareBuild{R{{3, 1, 0, 0}}, "ESP32", "d1f7b28", "May 24 2023 11:39:08", "v5.0",
                  "(7cac7ad):May 24 2023 11:40:40"},
    FirmwareBuild{R{{3, 1, 0, 0}}, "ESP32C3", "d1f7b28", "May 24 2023 11:39:12", "v5.0",
                  "(7cac7ad):May 24 2023 11:40:40"},
    FirmwareBuild{R{{3, 2, 0, 0}}, "", "ec2dec2", "Jul 28 2023 07:04:18", "v5.0.2-376-g24b9d38a24-dirty",
                  "(6118fc22):Jul 28 2023 09:47:28"},
    FirmwareBuild{R{{3, 2, 0, 0}}, "ESP32C3", "ec2dec2", "Jul 28 2023 07:04:22", "v5.0.2-376-g24b9d38a24-dirty",
                  "(6118fc22):Jul 28 2023 09:47:28"},
    FirmwareBuild{R{{3, 2, 1, 0}}, "ESP32", "e582629", "Oct 22 2024 07:35:46", "v5.0.2-376-g24b9d38a24-dirty",
                  "(6118fc22):Oct 22 2024 07:36:28"},
    FirmwareBuild{R{{3, 3, 0, 0}}, "", "f33f3c8", "Apr 19 2024 09:33:16", "v5.0.6-dirty",
                  "(7cac7ad):May  8 2024 08:22:40"},
    FirmwareBuild{R{{3, 3, 0, 0}}, "ESP32C2", "3b13d04", "May  8 2024 08:21:45", "v5.0.6-dirty",
                  "(7cac7ad):May  8 2024 08:22:40"},
    FirmwareBuild{R{{3, 3, 0, 0}}, "ESP32C3", "3b13d04", "May  8 2024 08:21:54", "v5.0.6-dirty",
                  "(7cac7ad):May  8 2024 08:22:40"},
    FirmwareBuild{R{{3, 3, 1, 0}}, "ESP32C2", "ce8fcd1", "Mar 14 2025 10:22:46", "v5.0.6-dirty",
                  "(7cac7ad):Mar 14 2025 10:23:40"},
    FirmwareBuild{R{{3, 4, 0, 0}}, "", "c31b833", "Jun  7 2024 03:46:59", "v5.0.6-dirty",
                  "(7cac7ad):Jun  7 2024 06:11:40"},
    FirmwareBuild{R{{3, 4, 0, 0}}, "ESP32S2", "c31b833", "Jun  7 2024 03:46:38", "v5.0.6-dirty",
                  "(7cac7ad):Jun  7 2024 06:11:40"},
    FirmwareBuild{R{{4, 0, 0, 0}}, "", "3fe3806", "Dec 29 2023 11:10:21", "v5.1.2", "(7cac7ad):Dec 29 2023 11:11:40"},
    FirmwareBuild{R{{4, 1, 0, 0}}, "", "c861975", "Jul 18 2025 07:28:24", "v5.4.1-643-g8ad0d3d8f2-dirty",
                  "(7c092f9a):Jul 18 2025 07:29:19"},
    FirmwareBuild{R{{4, 1, 1, 0}}, "", "ba4dd0e", "Jul 31 2025 08:37:48", "v5.4.1-643-g8ad0d3d8f2-dirty",
                  "(7c092f9a):Aug  1 2025 05:35:19"},
    FirmwareBuild{R{{4, 1, 1, 0}}, "ESP32C2", "ba4dd0e", "Jul 31 2025 08:37:25", "v5.4.1-643-g8ad0d3d8f2-dirty",
                  "(7c092f9a):Aug  1 2025 05:35:19"},
    FirmwareBuild{R{{4, 1, 1, 0}}, "ESP32C3", "ba4dd0e", "Jul 31 2025 08:38:07", "v5.4.1-643-g8ad0d3d8f2-dirty",
                  "(7c092f9a):Aug  1 2025 05:35:19"},
    FirmwareBuild{R{{5, 0, 0, 0}}, "", "3258eee", "Nov 17 2025 09:58:48", "v5.4.1-643-g8ad0d3d8f2-dirty",
                  "(7c092f9a):Nov 17 2025 09:59:59"},
    FirmwareBuild{R{{5, 0, 0, 0}}, "ESP32C5", "3aa9659", "Nov 24 2025 09:09:19", "v5.5-dirty",
                  "(7c092f9a):Nov 24 2025 09:10:59"},
    FirmwareBuild{R{{5, 0, 0, 0}}, "ESP32C61", "3aa9659", "Nov 24 2025 09:09:12", "v5.5-dirty",
                  "(7c092f9a):Nov 24 2025 09:10:59"},
    FirmwareBuild{R{{5, 0, 1, 0}}, "ESP32C5", "ff81f16", "Mar  9 2026 09:14:49", "v5.5-dirty",
                  "(7c092f9a):Mar  9 2026 09:15:59"},
    FirmwareBuild{R{{5, 0, 1, 0}}, "ESP32C61", "ff81f16", "Mar  9 2026 09:14:43", "v5.5-dirty",
                  "(7c092f9a):Mar  9 2026 09:15:59"},
};

}  // namespace

// Of the latest release, a row of the chip's own before one for every chip, which stands before it.
const FirmwareBuild& build_of(const image::Release& release, std::string_view chip) {
  const FirmwareBuild* found = kBuilds.data();
  for (const FirmwareBuild& build : kBuilds) {
    if (build.release <= release && (build.chip.empty() || build.chip == chip)) found = &build;
  }
  return *found;
}

}  // namespace atcert::emulator
