// The one way through the house: each rule names a room and what it may import; whatever is not named is refused.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: '^(server|shared|web|test)/', pathNot: [from, ...allowed] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^\\$' } },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^shared/', 'node_modules/typebox/'] },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^server/domain/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^server/domain/', '^shared/', 'node_modules/typebox/'] },
    },
    only('feeds', '^server/feeds/', ['^shared/', '^server/domain/', '^server/replace-file\\.ts']),
    only('store', '^server/store/', ['^shared/', '^server/domain/']),
    only('board', '^server/board/', ['^shared/', '^server/domain/']),
    only('redirection', '^server/redirection/', ['^shared/', '^server/domain/']),
    only('rules', '^server/rules/', ['^shared/', '^server/domain/']),
    only('replay', '^server/replay/', ['^shared/', '^server/domain/', '^server/store/']),
    only('live', '^server/live/', ['^shared/', '^server/domain/', '^server/identity/']),
    only('http', '^server/http/', ['^shared/', '^server/domain/', '^server/identity/']),
    only('identity', '^server/identity/', ['^shared/', '^server/domain/', '^server/replace-file\\.ts']),
    only('definition', '^server/definition/', ['^shared/', '^server/domain/']),
    only('backtest', '^server/backtest/', ['^shared/', '^server/domain/', '^server/store/']),
    only('simulator', '^server/simulator/', ['^shared/'], 'shares no line with the adapters that read it'),
    only('supervisor', '^server/supervisor/', [
      '^shared/',
      '^server/definition/',
      '^server/clock\\.ts',
      '^server/config\\.ts',
      '^server/store/(embedded|lock|errors)',
      // Scenario files: read here, handed to the simulator as data.
      '^server/simulator/scenario-file',
    ]),
    only('cli', '^server/cli/', [
      '^shared/',
      '^server/domain/',
      '^server/definition/',
      '^server/store/',
      '^server/feeds/',
      '^server/config\\.ts',
      '^server/clock\\.ts',
    ]),
    only('app', '^server/app\\.ts$', [
      '^shared/',
      '^server/domain/',
      '^server/http/',
      '^server/live/',
      '^server/identity/',
    ]),
    only('web', '^web/', ['^shared/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['web/(build|\\.svelte-kit)/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.svelte'],
    },
  },
};
