/** Text of branch projects for people. */
export const PROJECT_MESSAGES = {
  'zh-CN': {
    project_id_taken: '此编号已用于另一个项目',
    participation_taken: '该生产主体这一天的参加记录与此不同',
    participation_overlaps: '该生产主体在这段时间里已参加本项目',
    field_outside_project: '不在项目的起止日期之内',
    'upflow.column.branchName': '党支部',
    'upflow.column.startedOn': '开始日期',
    'upflow.column.endedOn': '结束日期',
    'upflow.column.participants': '参加主体',
  },
  en: {
    project_id_taken: 'This id belongs to another project',
    participation_taken: 'This producer joined on that day on other terms',
    participation_overlaps: 'This producer takes part in the project in that time already',
    field_outside_project: "Outside the project's time",
    'upflow.column.branchName': 'Party branch',
    'upflow.column.startedOn': 'Started on',
    'upflow.column.endedOn': 'Ended on',
    'upflow.column.participants': 'Participants',
  },
};
