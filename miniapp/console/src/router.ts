/** The pages of the desk and which verb opens each; the left navigation is drawn from the same list. */
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import type { IconName } from './parts/icons'

export interface Section { path: string; label: string; icon: IconName; verbs: string[]; group: string }
export const SECTIONS: Section[] = [
  { path: '/tasks', label: '任务', icon: 'tasks', verbs: ['task.read'], group: '报送' },
  { path: '/review', label: '审核', icon: 'review', verbs: ['return.review', 'return.check'], group: '报送' },
  { path: '/reports', label: '报表', icon: 'reports', verbs: ['task.read'], group: '报送' },
  { path: '/orders', label: '工单池', icon: 'orders', verbs: ['order.read'], group: '处置' },
  { path: '/findings', label: '体验官', icon: 'voice', verbs: ['finding.read'], group: '处置' },
  { path: '/sensors', label: '物联感知', icon: 'sensors', verbs: ['device.read'], group: '处置' },
  { path: '/duty', label: '值班应急', icon: 'duty', verbs: ['duty.read'], group: '处置' },
  { path: '/boards', label: '看板', icon: 'boards', verbs: ['board.today', 'board.street', 'board.district'], group: '处置' },
  { path: '/ledgers', label: '台账', icon: 'ledgers', verbs: ['ledger.read'], group: '数据' },
  { path: '/people', label: '居民与房屋', icon: 'people', verbs: ['person.read'], group: '数据' },
  { path: '/feeds', label: '数据接入', icon: 'feeds', verbs: ['feed.read'], group: '数据' },
  { path: '/staff', label: '名册', icon: 'staff', verbs: ['staff.read'], group: '管理' },
  { path: '/areas', label: '区划', icon: 'areas', verbs: ['area.read'], group: '管理' },
  { path: '/complaints', label: '投诉建议', icon: 'flag', verbs: ['complaint.answer'], group: '管理' },
  { path: '/audit', label: '审计', icon: 'audit', verbs: ['audit.read'], group: '管理' },
]

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./shell/FirstPage.vue') },
  { path: '/tasks', component: () => import('./pages/tasks/TaskList.vue') },
  { path: '/tasks/:id', component: () => import('./pages/tasks/TaskPage.vue'), props: true },
  { path: '/review', component: () => import('./pages/review/ReviewQueue.vue') },
  { path: '/returns/:id', component: () => import('./pages/review/ReviewPage.vue'), props: true },
  { path: '/orders', component: () => import('./pages/orders/OrdersPage.vue') },
  { path: '/orders/new', component: () => import('./pages/orders/ReportPage.vue') },
  { path: '/orders/:id', component: () => import('./pages/orders/OrderPage.vue'), props: true },
  { path: '/boards', component: () => import('./pages/boards/BoardPage.vue') },
  { path: '/boards/statistics', component: () => import('./pages/boards/StatisticsPage.vue') },
  { path: '/boards/spots', component: () => import('./pages/boards/SpotsPage.vue') },
  { path: '/duty', component: () => import('./pages/duty/DutyPage.vue') },
  { path: '/emergencies', component: () => import('./pages/duty/EmergenciesPage.vue') },
  { path: '/emergencies/:id', component: () => import('./pages/duty/EmergencyPage.vue'), props: true },
  { path: '/sensors', component: () => import('./pages/sensors/SensorsPage.vue') },
  { path: '/findings', component: () => import('./pages/feedback/FindingsPage.vue') },
  { path: '/findings/:id', component: () => import('./pages/feedback/FindingPage.vue'), props: true },
  { path: '/officers', component: () => import('./pages/feedback/OfficersPage.vue') },
  { path: '/missions', component: () => import('./pages/feedback/MissionsPage.vue') },
  { path: '/finding-lists', component: () => import('./pages/feedback/QuarterPage.vue') },
  { path: '/complaints', component: () => import('./pages/feedback/ComplaintsPage.vue') },
  { path: '/reports', component: () => import('./pages/reports/ReportsPage.vue') },
  { path: '/ledgers', component: () => import('./pages/ledgers/LedgerList.vue') },
  { path: '/ledgers/:code', component: () => import('./pages/ledgers/LedgerPage.vue'), props: true },
  { path: '/ledgers/:code/entries/:entry', component: () => import('./pages/ledgers/LedgerPage.vue'), props: true },
  { path: '/people', component: () => import('./pages/registers/PeoplePage.vue') },
  { path: '/people/:id', component: () => import('./pages/registers/PersonPage.vue'), props: true },
  { path: '/conflicts', component: () => import('./pages/registers/ConflictsPage.vue') },
  { path: '/houses', component: () => import('./pages/registers/HousesPage.vue') },
  { path: '/houses/:id', component: () => import('./pages/registers/HousePage.vue'), props: true },
  { path: '/feeds', component: () => import('./pages/feeds/FeedsPage.vue') },
  { path: '/staff', component: () => import('./pages/staff/StaffPage.vue') },
  { path: '/areas', component: () => import('./pages/areas/AreasPage.vue') },
  { path: '/audit', component: () => import('./pages/audit/AuditPage.vue') },
  { path: '/:rest(.*)', redirect: '/' },
]

export const router = createRouter({ history: createWebHashHistory(), routes, scrollBehavior: () => ({ top: 0 }) })
