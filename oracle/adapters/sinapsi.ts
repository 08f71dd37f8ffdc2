/**
 * Sinapsi Alfa, which reads the second-generation meter over Chain 2: a list of readings, each with its time and values by
 * OBIS code. The registers 1.8.0 (withdrawn) and 2.8.0 (injected) count in Wh; other codes are left alone.
 */

import { z } from "zod";
import { type Direction, type Measurement, milliWattHoursOf } from "../measurement.ts";
import { type Adapter, jsonOf, MessageError } from "./adapter.ts";

const REGISTERS: Readonly<Record<string, Direction>> = {
  "1-0:1.8.0.255_3,0_2": "withdrawn",
  "1-0:2.8.0.255_3,0_2": "injected",
};

const shape = z.array(
  z.object({
    du: z.string().max(64).default(""),
    data: z.array(z.object({ ts: z.string().regex(/^\d{9,10}$/) }).catchall(z.string())),
  }),
);

export function sinapsiAdapter(topic: string): Adapter {
  return {
    topics: [topic],
    read(message) {
      const result = shape.safeParse(jsonOf(message));
      if (!result.success) throw new MessageError("not a list of readings", "See whether the device is a Sinapsi Alfa");
      return result.data.flatMap(({ du: device, data }) =>
        data.flatMap(({ ts, ...values }) =>
          Object.entries(values).flatMap(([code, value]): Measurement[] => {
            const direction = REGISTERS[code];
            if (direction === undefined) return [];
            const milliWattHours = milliWattHoursOf(value, "Wh");
            if (milliWattHours !== undefined) {
              return [{ kind: "register", direction, at: Number(ts), milliWattHours, device }];
            }
            throw new MessageError(`${code}: «${value}» is no energy in Wh`, "Update the device, or tell its maker");
          }),
        ),
      );
    },
  };
}
