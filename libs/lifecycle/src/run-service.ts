import { runVerb } from './run-verb.ts';
import type { Program, Service } from './serve.ts';

/**
 * The whole of a service's `main.ts`: it runs as a process of its own, where Kafka and Postgres are servers. Without an argument it serves,
 * `migrate` makes its schema and the topics, `ready` asks the one that serves here.
 *
 * @param load  loads its `app.ts`
 */
export async function runService<C>(program: Program, load: () => Promise<Service<C>>): Promise<void> {
  const { name } = program;
  await runVerb(name, {
    serve: async () => {
      const [{ serve }, service] = await Promise.all([import('./serve.ts'), load()]);
      return await serve(program, process.env, service);
    },
    migrate: async () => {
      const [{ migrateService }, { migrations, keeps = () => true }] = await Promise.all([
        import('./migrate-service.ts'),
        load(),
      ]);
      await migrateService(name, process.env, { migrations, keeps });
    },
  });
}
