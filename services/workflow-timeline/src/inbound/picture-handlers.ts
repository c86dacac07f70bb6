import type { Handlers, PictureService } from '@tmws/contracts';
import { rfc3339 } from '@tmws/events';
import { Problem } from '@tmws/problems';
import { svgOf, svgRows, svgThemes } from '../domain/svg/svg.ts';
import { findExecution, isOpenExecution } from '../usecases/look-at-execution.ts';
import { checkWindow, columnsPicture, drawnPicture, tagOf, tagOfRecord } from '../usecases/look-at-picture.ts';
import type { Charts } from '../usecases/open-charts.ts';
import type { ExecutionKey, ExecutionStore } from '../ports.ts';
import { columnsMessage, detailNote } from './picture-messages.ts';

interface PictureHandlersOptions {
  readonly store: ExecutionStore;
  readonly charts: Charts;
}

const maxPx = 10_000;
const widths = { least: 320, most: 10_000, absent: 1200 };

/** PictureService over the charts of executions. */
export function pictureHandlers({ store, charts }: PictureHandlersOptions): Handlers<typeof PictureService.method> {
  const unchanged = async (key: ExecutionKey, knownTag: string): Promise<boolean> => {
    if (knownTag === '') return false;
    const record = await findExecution(store, key);
    return !isOpenExecution(record) && tagOfRecord(record) === knownTag;
  };
  return {
    async getColumns({ id, fromNs, toNs, px, keys, knownTag }, { caller }) {
      checkWindow({ fromNs, toNs });
      if (px > maxPx) throw new Problem('invalid', `px must be at most ${maxPx} (got ${px})`, { field: 'px' });
      const key = { namespace: caller.namespace, id };
      if (await unchanged(key, knownTag)) return { unchanged: true, tag: knownTag };
      return columnsMessage(columnsPicture(await charts.of(key), { fromNs, toNs }, px), keys);
    },
    async getSvg({ id, fromNs, toNs, width, theme, knownTag }, { caller }) {
      checkWindow({ fromNs, toNs });
      const wide = width === 0 ? widths.absent : width;
      if (wide < widths.least || wide > widths.most) {
        throw new Problem('invalid', `width must be from ${widths.least} to ${widths.most} (got ${wide})`, { field: 'width' });
      }
      const look = svgThemes.find((each) => each === (theme || 'light'));
      if (look === undefined) {
        throw new Problem('invalid', `theme must be one of ${svgThemes.join(', ')} (got ${JSON.stringify(theme)})`, {
          field: 'theme',
        });
      }
      const key = { namespace: caller.namespace, id };
      if (await unchanged(key, knownTag)) return { unchanged: true, tag: knownTag };
      const view = await charts.of(key);
      const picture = drawnPicture(view, { fromNs, toNs }, { px: wide, maxRows: svgRows, maxBars: 20_000 });
      return {
        tag: tagOf(view),
        svg: svgOf({ ...picture, ...view }, { width: wide, theme: look, began: rfc3339(view.chart.startNs), note: detailNote }),
      };
    },
  };
}
