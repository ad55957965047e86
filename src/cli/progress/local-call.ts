import { localOperator, openStore, type Call, type Principal } from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";

/**
 * Opens a home's store and acts in it as the operator of this machine, named so in the ledger; a checkpoint is written
 * at the end. Without a tenant the only one is taken. Throws `E_CLI_ARGUMENT`.
 */
export async function asLocalOperator<R>(
  home: string,
  options: { tenant: string | undefined; role: Principal["role"] },
  work: (call: Call) => R | Promise<R>,
): Promise<R> {
  const store = await openStore(home, { mustExist: true });
  try {
    const names = (
      store.database.prepare("SELECT name FROM tenants ORDER BY name").all() as { name: string }[]
    ).map((one) => one.name);
    const tenant = options.tenant ?? (names.length === 1 ? names[0] : undefined);
    const principal = tenant === undefined ? undefined : localOperator(store, tenant, options.role);
    if (principal === undefined)
      throw new TrainingReadyError(
        "E_CLI_ARGUMENT",
        tenant === undefined ? `${names.length} tenants are stored.` : `There is no tenant "${tenant}".`,
        {
          hint:
            names.length === 0 ? "Add a principal first." : `Name one with --tenant: ${names.join(", ")}.`,
        },
      );
    const result = await work({ store, principal });
    store.checkpoint();
    return result;
  } finally {
    store.close();
  }
}
