/** Decides whose prompts may reach an engine. */
export type Tenancy = {
  mayUse: (tenant: string) => boolean | Promise<boolean>;
  /** The one tenant that an engine is kept for in this process, once there is one. */
  owner?: () => string | undefined;
};

/** An engine that keeps conversations apart serves everybody. */
export const anyTenant: Tenancy = { mayUse: () => true };

/** An engine whose prompt cache everybody shares is the first tenant's for as long as this service runs. */
export function oneTenant(first?: string): Tenancy {
  let owner = first;
  return {
    owner: () => owner,
    mayUse(tenant) {
      owner ??= tenant;
      return owner === tenant;
    },
  };
}
